import type { CallSettings } from './call-options.ts';
import { encodeCall } from './call-values.ts';
import { CapabilityCalls } from './capability-calls.ts';
import { encodeCapabilityFailure } from './capability-failure.ts';
import { type CapabilityRequest, readCapabilityRequest } from './capability-request.ts';
import { type CapabilitySet, checkProvided } from './capability-set.ts';
import { isCodecFailure } from './codec/codec-failure.ts';
import { decodeValue } from './codec/decode.ts';
import { scan } from './codec/scan.ts';
import { LinkedCalls } from './linked-calls.ts';
import { logListener } from './log-listener.ts';
import type { Logger } from './logger.ts';
import type { GuestFunction } from './model/guest-function.ts';
import { formatReference, parseReference } from './model/reference.ts';
import type { CallRequest, GuestAnswer } from './pool/call.ts';
import { rejectedError } from './pool/call-error.ts';
import type { Handle } from './reload/handle.ts';
import type { BlockedEvent } from './reload/handle-events.ts';
import type { Runtime } from './runtime.ts';
import type { FunctionHandle } from './scatter-function.ts';

/** What a caller needs of its instance. */
export type CallerHost = Pick<Runtime, 'pool' | 'openHandle'>;

/** One outermost call and all the calls that guests make within it. */
interface CallTree {
  readonly settings: CallSettings;
  readonly deadline: number;
  /** The version that each reference had when it was met first. */
  readonly versions: Map<string, GuestFunction>;
  /** Undefined if nothing that it leads to can ask for any. */
  readonly capabilities: CapabilityCalls | undefined;
  /** Undefined if it leads to no other function. */
  readonly linked: LinkedCalls | undefined;
}

/** Makes calls of handles, and the calls that guests make of linked functions. */
export class Caller {
  readonly #runtime: CallerHost;
  readonly #logger: Logger;
  readonly #linked = new Map<string, Promise<Handle>>();

  constructor(runtime: CallerHost, logger: Logger) {
    this.#runtime = runtime;
    this.#logger = logger;
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
    const linked = target.artifact.links.length === 0 ? undefined : new LinkedCalls();
    const tree = { settings, deadline, versions, capabilities, linked };
    const request = this.#request(target, encoded, tree, 0, (bytes) => readResult(bytes, target));
    if (capabilities === undefined) return this.#runtime.pool.call(request);
    try {
      return await this.#runtime.pool.call(request);
    } finally {
      capabilities.end();
      linked?.end();
    }
  }

  #capabilitiesFor(target: GuestFunction, settings: CallSettings): CapabilityCalls | undefined {
    const { requires, links } = target.artifact;
    if (requires.length === 0 && links.length === 0) return undefined;
    return new CapabilityCalls(target, settings, this.#logger);
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
      const result = this.#runtime.pool.call(this.#request(target, args, tree, depth, read));
      return (await result) as Uint8Array;
    });
  }

  async #linkedVersion(reference: string, tree: CallTree): Promise<GuestFunction> {
    const met = tree.versions.get(reference);
    if (met !== undefined) return met;
    const handle = await this.#linkedHandle(reference, tree.settings.capabilities);
    // Two calls may have waited for the same handle: the first one to arrive decides.
    const version = tree.versions.get(reference) ?? handle.current;
    tree.versions.set(reference, version);
    return version;
  }

  /** The handle that follows a reference for calls with the same capabilities. */
  #linkedHandle(text: string, given: CapabilitySet): Promise<Handle> {
    const key = [text, ...[...given.keys()].sort()].join('\n');
    const known = this.#linked.get(key);
    if (known !== undefined) return known;
    const opening = this.#runtime.openHandle(parseReference(text), {
      autoUpdate: true,
      warm: undefined,
      admit: (target) => checkProvided(target, given),
    });
    this.#linked.set(key, opening);
    opening.then(
      ({ events }) => events.on('blocked', (blocked) => this.#warnOf(blocked)),
      // Missing today may be there tomorrow.
      () => this.#linked.delete(key),
    );
    return opening;
  }

  // Nobody holds such a handle, so nobody can listen to it.
  #warnOf({ name, version, error }: BlockedEvent): void {
    const fields = { function: name, version, err: error };
    this.#logger.warn(fields, 'a new version cannot run here; calls go on with the one before');
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
