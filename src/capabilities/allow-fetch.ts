import pLimit, { type LimitFunction } from 'p-limit';
import type { Agent } from 'undici';
import { capability } from '../capability.ts';
import type { Capability, CapabilityCall } from '../model/capability.ts';
import { FETCH_CAPABILITY } from '../model/fetch-capability.ts';
import { checkOptionNames } from '../option-names.ts';
import { provide } from '../provide.ts';
import { FetchFailure } from './fetch-failure.ts';
import { type FetchRules, settleFetchRules } from './fetch-rules.ts';
import { guardedAgent, type Resolve } from './guarded-agent.ts';
import { sendRequest } from './send-request.ts';
import type { FetchAnswer, FetchRequest } from './wire.ts';

export interface AllowFetchOptions {
  /**
   * The hosts that may be reached: `example.com`, `*.example.com` for its subdomains, an address, or a
   * range of addresses such as `10.0.0.0/8`; each for the default port of the scheme, or with `:port`
   * for that one. Addresses that are not public are reached only if they, or a range with them, are
   * listed, also under a listed name; `localhost` stands for those of this machine.
   */
  readonly hosts: readonly string[];
  /** The methods that may be used. @default ['GET', 'HEAD'] */
  readonly methods?: readonly string[];
  /** Largest body of a response, after decoding, and of a request, in bytes. @default 1048576 */
  readonly maxBytes?: number;
  /** How long a request may take, with redirects and the body, in ms. @default 5000 */
  readonly timeoutMs?: number;
  /** Names of the functions that may use it, as in `provide()`. @default all */
  readonly allow?: readonly string[];
}

const OPTIONS = ['hosts', 'methods', 'maxBytes', 'timeoutMs', 'allow'];
// What one call has on the way at a time; the others wait.
const MAX_AT_ONCE = 16;
// The same for all calls together.
const MAX_OF_ALL = 256;
// The capability's own limit must not come before that of the request, which says more.
const SLACK_MS = 1000;

type Fetch = (request: FetchRequest) => Promise<FetchAnswer>;

/**
 * Gives functions a `fetch` that reaches the listed hosts and nothing else. In isolates, `fetch`, `Headers`,
 * `Request` and `Response` are there for functions that use them.
 *
 * @throws ScatterError `CONFIG_INVALID`
 */
export function allowFetch(options: AllowFetchOptions): Capability {
  return allowFetchWith(options);
}

/** The same with another way to resolve names, for tests. */
export function allowFetchWith(options: AllowFetchOptions, resolve?: Resolve): Capability {
  checkOptionNames('allowFetch({ * })', Object(options), OPTIONS);
  const { allow, ...given } = Object(options) as AllowFetchOptions;
  const rules = settleFetchRules(given);
  const token = capability<Fetch>(FETCH_CAPABILITY, { timeoutMs: rules.timeoutMs + SLACK_MS });
  const agent = guardedAgent(rules, resolve);
  const turn = pLimit(MAX_OF_ALL);
  const factory = (call: CapabilityCall): Fetch => fetchFor(call, rules, agent, turn);
  return provide(token, factory, allow === undefined ? {} : { allow });
}

function fetchFor(
  { signal }: CapabilityCall,
  rules: FetchRules,
  agent: Agent,
  turnOfAll: LimitFunction,
): Fetch {
  const turn = pLimit(MAX_AT_ONCE);
  return (request) =>
    untilDeadline(rules.timeoutMs, signal, (deadline) =>
      turn(() =>
        turnOfAll(() => {
          deadline.throwIfAborted();
          return sendRequest(request, rules, agent, deadline);
        }),
      ),
    );
}

/** Gives up `work` after `ms`, or when the call has ended; its timer keeps the program alive until then. */
async function untilDeadline<T>(
  ms: number,
  call: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ended = new AbortController();
  const { promise: over, reject } = Promise.withResolvers<never>();
  const end = (failure: FetchFailure): void => {
    ended.abort(failure);
    reject(failure);
  };
  const timer = setTimeout(() => end(late(ms)), ms);
  const abort = (): void => end(new FetchFailure('the call that fetched has ended'));
  if (call.aborted) abort();
  else call.addEventListener('abort', abort);
  try {
    return await Promise.race([work(ended.signal), over]);
  } finally {
    clearTimeout(timer);
    // Lets go of a response that nobody is going to read.
    ended.abort();
    call.removeEventListener('abort', abort);
  }
}

function late(ms: number): FetchFailure {
  return new FetchFailure(
    `fetch had no whole answer within ${ms} ms; raise timeoutMs of allowFetch() if it needs longer`,
  );
}
