import type { CallSettings } from './call-options.ts';
import {
  CapabilityRefusal,
  encodeCapabilityFailure,
  isCapabilityRefusal,
} from './capability-failure.ts';
import { type CapabilityRequest, readArguments, shownRequest } from './capability-request.ts';
import {
  CALL_BYTES,
  type CapabilityRoom,
  INSTANCE_BYTES,
  type Release,
  releaseAfter,
} from './capability-room.ts';
import { outsideOfScopes } from './capability-scope.ts';
import type { CapabilitySet } from './capability-set.ts';
import { CapabilitySource } from './capability-source.ts';
import { encodeValue } from './codec/encode.ts';
import type { Logger } from './logger.ts';
import { allowsFunction, type CapabilityCall } from './model/capability.ts';
import type { GuestFunction } from './model/guest-function.ts';
import { tell } from './model/tell.ts';
import type { GuestAnswer } from './pool/call.ts';

// What a request takes beside its arguments, while it is open.
const REQUEST_WEIGHT = 4096;

/** The use of one capability in one outermost call. */
interface Usage {
  readonly source: CapabilitySource;
  calls: number;
  /** The answer to what is asked beyond `maxCalls`, made once: a guest may go on asking very often. */
  spent: GuestAnswer | undefined;
}

/** The capabilities of one outermost call, and of all the calls that guests make within it. */
export class CapabilityCalls {
  readonly #target: GuestFunction;
  readonly #settings: CallSettings;
  readonly #logger: Logger;
  // Implementations run as part of whoever made the call, not of the lane that brings the request.
  readonly #run = outsideOfScopes();
  readonly #uses = new Map<string, Usage>();
  /** What ends the waits that are open. */
  readonly #waits = new Set<(error: unknown) => void>();
  #controller: AbortController | undefined;
  readonly #room: CapabilityRoom;
  #ended = false;

  /** @param room what the instance has for all its calls */
  constructor(
    target: GuestFunction,
    settings: CallSettings,
    { logger, room }: { readonly logger: Logger; readonly room: CapabilityRoom },
  ) {
    this.#target = target;
    this.#settings = settings;
    this.#logger = logger;
    this.#room = room.ofCall();
  }

  /** What the outermost call was given. */
  get given(): CapabilitySet {
    return this.#settings.capabilities;
  }

  /** Calls what the guest asks for. Never rejects; `request` is done with when this returns. */
  async answer(request: CapabilityRequest): Promise<GuestAnswer> {
    const spent = this.#uses.get(request.name)?.spent;
    if (spent !== undefined) return spent;
    try {
      const source = this.#admit(request);
      const working = this.#begin(source, request);
      const answer = await this.#within(source.capability.limits.timeoutMs, request, working);
      const maxBytes = this.#settings.limits.maxArgumentBytes;
      const value = encodeValue(answer, { root: 'its answer', maxBytes });
      return { ok: true, value, onLeft: this.#take(value.byteLength, 'answers') };
    } catch (thrown) {
      if (!isCapabilityRefusal(thrown)) this.#log(thrown, request);
      return { ok: false, value: encodeCapabilityFailure(thrown, shownRequest(request)) };
    }
  }

  /** The outermost call has settled: what is still open in its name ends. */
  end(): void {
    this.#ended = true;
    const { signal } = this.#settings;
    this.#controller?.abort(signal?.aborted ? signal.reason : undefined);
    for (const giveUp of this.#waits) giveUp(endedError());
  }

  /** Counts the request, or refuses it. @throws CapabilityRefusal */
  #admit(request: CapabilityRequest): CapabilitySource {
    if (this.#ended) throw endedError();
    const use = this.#useFor(request);
    const { maxCalls } = use.source.capability.limits;
    if (use.calls === maxCalls) {
      const refusal = exhaustedError(
        `the capability \`${request.name}\` was called more than ${maxCalls} times in one call (maxCalls)`,
      );
      use.spent = { ok: false, value: encodeCapabilityFailure(refusal, request.name) };
      throw refusal;
    }
    use.calls += 1;
    return use.source;
  }

  /**
   * Calls the implementation. What it works on stays counted until it has answered, however long
   * somebody waits for that. @throws CapabilityRefusal
   */
  #begin(source: CapabilitySource, request: CapabilityRequest): Promise<unknown> {
    // No value is smaller than its encoding: most that have no room need not be decoded to know it.
    if (!this.#room.fits(request.args.byteLength)) throw noRoomError('arguments');
    const { args, weight } = readArguments(request.args);
    const release = this.#take(weight + REQUEST_WEIGHT, 'arguments');
    const working = this.#run(async () => source.use(request.path, args));
    releaseAfter(working, release);
    return working;
  }

  #take(weight: number, what: string): Release {
    const release = this.#room.take(weight);
    if (release === undefined) throw noRoomError(what);
    return release;
  }

  #useFor({ name, from }: CapabilityRequest): Usage {
    const capability = this.given.get(name);
    if (capability === undefined || !allowsFunction(capability, from.name)) {
      throw new CapabilityRefusal(
        'SCATTER_ERR_CAPABILITY_MISSING',
        `the capability \`${name}\` is not given to \`${from.name}\` here`,
      );
    }
    const use = this.#uses.get(name) ?? {
      source: new CapabilitySource(capability, () => this.#outermost()),
      calls: 0,
      spent: undefined,
    };
    this.#uses.set(name, use);
    return use;
  }

  #outermost(): CapabilityCall {
    this.#controller ??= new AbortController();
    const { name, version } = this.#target;
    const { partition, context } = this.#settings;
    return { function: name, version, partition, context, signal: this.#controller.signal };
  }

  /** What `working` gives, if it does within its time and before the call ends. */
  async #within(
    ms: number,
    request: CapabilityRequest,
    working: Promise<unknown>,
  ): Promise<unknown> {
    const { promise: given, reject: giveUp } = Promise.withResolvers<never>();
    const late = setTimeout(() => giveUp(lateError(ms, request)), ms);
    this.#waits.add(giveUp);
    try {
      return await Promise.race([working, given]);
    } finally {
      clearTimeout(late);
      this.#waits.delete(giveUp);
    }
  }

  #log(thrown: unknown, request: CapabilityRequest): void {
    const { name, version } = request.from;
    const fields = { err: thrown, function: name, version };
    const what = `the capability ${shownRequest(request)} failed`;
    tell('the logger', () => this.#logger.debug(fields, what));
  }
}

function exhaustedError(message: string): CapabilityRefusal {
  return new CapabilityRefusal('SCATTER_ERR_CAPABILITY_EXHAUSTED', message);
}

function noRoomError(what: string): CapabilityRefusal {
  const [call, all] = [CALL_BYTES, INSTANCE_BYTES].map((bytes) => bytes / 2 ** 20);
  return exhaustedError(
    `there is no room for more ${what}: ${call} MiB may be on their way for one call and ${all} MiB for ` +
      'all calls of this program; await some answers first, or send less at once',
  );
}

function lateError(ms: number, request: CapabilityRequest): CapabilityRefusal {
  return new CapabilityRefusal(
    'SCATTER_ERR_CAPABILITY_TIMEOUT',
    `${shownRequest(request)} gave no answer within ${ms} ms (timeoutMs of the capability)`,
  );
}

function endedError(): CapabilityRefusal {
  return new CapabilityRefusal('SCATTER_ERR_ABORTED', 'the call that this belonged to has ended');
}
