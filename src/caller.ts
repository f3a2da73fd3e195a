import type { CallSettings } from './call-options.ts';
import { encodeCall } from './call-values.ts';
import { CapabilityCalls } from './capability-calls.ts';
import { encodeCapabilityFailure } from './capability-failure.ts';
import { type CapabilityRequest, readCapabilityRequest } from './capability-request.ts';
import { CapabilityRoom } from './capability-room.ts';
import { checkProvided } from './capability-set.ts';
import { isCodecFailure } from './codec/codec-failure.ts';
import { decodeValue } from './codec/decode.ts';
import { scan } from './codec/scan.ts';
import { isScatterError, type ScatterError } from './errors.ts';
import { type LinkedBytes, LinkedCalls } from './linked-calls.ts';
import { LinkedHandles, type LinkedHost } from './linked-handles.ts';
import { logListener } from './log-listener.ts';
import type { Logger } from './logger.ts';
import type { GuestFunction } from './model/guest-function.ts';
import { formatReference } from './model/reference.ts';
import type { CallRequest, GuestAnswer } from './pool/call.ts';
import { rejectedError } from './pool/call-error.ts';
import type { Pool } from './pool/pool.ts';
import type { FunctionHandle } from './scatter-function.ts';

/** What a caller needs of its instance. */
export interface CallerHost {
  readonly pool: Pool;
  connect(): Promise<LinkedHost>;
}

/** One outermost call and all the calls that guests make within it. */
interface CallTree {
  readonly settings: CallSettings;
  readonly deadline: number;
  /** The version that each reference had when it was met first. */
  readonly versions: Map<string, GuestFunction>;
  /** Why a reference cannot be called: the registry is asked for each one once. */
  readonly missing: Map<string, ScatterError>;
  /** Undefined if nothing that it leads to can ask for any. */
  readonly capabilities: CapabilityCalls | undefined;
  /** Undefined if it leads to no other function. */
  readonly linked: LinkedCalls | undefined;
}

/** Makes calls of handles, and the calls that guests make of linked functions. */
export class Caller {
  readonly #pool: Pool;
  readonly #logger: Logger;
  readonly #linkedBytes: LinkedBytes = { waiting: 0 };
  readonly #linked: LinkedHandles;
  readonly #room = CapabilityRoom.ofInstance();

  constructor({ pool, connect }: CallerHost, logger: Logger) {
    this.#pool = pool;
    this.#logger = logger;
    this.#linked = new LinkedHandles(connect, logger);
  }

  /**
   * @throws ScatterError see the error table: `CAPABILITY_MISSING`, `GUEST_*`, `VALUE_*`, `POOL_*`,
   * `ABORTED` …
   */
  async call(
    handle: FunctionHandle,
    args: readonly unknown[],
    settings: CallSettings,
  ): Promise<unknown> {
    const target = handle.current;
    checkProvided(target, settings.capabilities);
    const encoded = encodeCall(args, settings.limits.maxArgumentBytes, target);
    const deadline = performance.now() + settings.limits.timeoutMs;
    const references = [handle.shownReference, formatReference(handle.reference)];
    const versions = new Map(references.map((reference) => [reference, target]));
    const capabilities = this.#capabilitiesFor(target, settings);
    const linked =
      target.artifact.links.length === 0 ? undefined : new LinkedCalls(this.#linkedBytes);
    const tree = { settings, deadline, versions, missing: new Map(), capabilities, linked };
    const request = this.#request(target, encoded, tree, 0, (bytes) => readResult(bytes, target));
    if (capabilities === undefined) return this.#pool.call(request);
    try {
      return await this.#pool.call(request);
    } finally {
      capabilities.end();
      linked?.end();
    }
  }

  #capabilitiesFor(target: GuestFunction, settings: CallSettings): CapabilityCalls | undefined {
    const { requires, links } = target.artifact;
    if (requires.length === 0 && links.length === 0) return undefined;
    return new CapabilityCalls(target, settings, { logger: this.#logger, room: this.#room });
  }

  #request(
    target: GuestFunction,
    args: Uint8Array,
    tree: CallTree,
    depth: number,
    read: CallRequest['read'],
  ): CallRequest {
    const { partition, signal, onLog } = tree.settings;
    const timeoutMs = Math.max(1, tree.deadline - performance.now());
    return {
      target,
      args,
      partition,
      limits: depth === 0 ? tree.settings.limits : { ...tree.settings.limits, timeoutMs },
      nested: depth > 0,
      signal,
      read,
      onLog: logListener(this.#logger, onLog),
      onLink: (link, linkArgs) => this.#callLinked(target, link, linkArgs, tree, depth + 1),
      onCapability: (index, body) => answerCapability(target, index, body, tree),
    };
  }

  async #callLinked(
    from: GuestFunction,
    link: number,
    args: Uint8Array,
    tree: CallTree,
    depth: number,
  ): Promise<Uint8Array> {
    const reference = from.artifact.links[link];
    if (reference === undefined || tree.linked === undefined) throw rejectedError(from);
    return tree.linked.run({ reference, depth, bytes: args.byteLength }, async () => {
      checkBytes(args, from);
      const target = await this.#linkedVersion(reference, tree);
      checkProvided(target, tree.settings.capabilities);
      const read = (bytes: Buffer): Uint8Array => {
        checkBytes(bytes, target);
        return new Uint8Array(bytes);
      };
      const result = this.#pool.call(this.#request(target, args, tree, depth, read));
      return (await result) as Uint8Array;
    });
  }

  async #linkedVersion(reference: string, tree: CallTree): Promise<GuestFunction> {
    const met = tree.versions.get(reference) ?? tree.missing.get(reference);
    if (isScatterError(met)) throw met;
    if (met !== undefined) return met;
    try {
      const found = await this.#linked.version(reference, tree.settings.capabilities);
      // Two calls may have waited for the same handle: the first one to arrive decides.
      const version = tree.versions.get(reference) ?? found;
      tree.versions.set(reference, version);
      return version;
    } catch (error) {
      if (isScatterError(error) && !error.retryable) tree.missing.set(reference, error);
      throw error;
    }
  }
}

/** Never rejects. */
function answerCapability(
  from: GuestFunction,
  index: number,
  body: Buffer,
  tree: CallTree,
): Promise<GuestAnswer> {
  let request: CapabilityRequest;
  try {
    if (tree.capabilities === undefined) throw rejectedError(from);
    request = readCapabilityRequest(from, index, body);
  } catch (error) {
    const value = encodeCapabilityFailure(error, 'a request of a capability');
    return Promise.resolve({ ok: false, value });
  }
  return tree.capabilities.answer(request);
}

function readResult(bytes: Buffer, target: GuestFunction): unknown {
  checkBytes(bytes, target);
  return decodeValue(bytes, 0, bytes.byteLength);
}

/** @throws ScatterError `GUEST_REJECTED_OUTPUT` */
function checkBytes(bytes: Uint8Array, from: GuestFunction): void {
  try {
    scan(bytes, 0, bytes.byteLength);
  } catch (error) {
    throw isCodecFailure(error) ? rejectedError(from, error) : error;
  }
}
