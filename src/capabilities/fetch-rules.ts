import { configError, shown } from './config-error.ts';
import { HostRules } from './host-rules.ts';

/** What one `allowFetch()` lets pass, with everything said. */
export interface FetchRules {
  readonly hosts: HostRules;
  /** In upper case. */
  readonly methods: readonly string[];
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

const MIB = 2 ** 20;
const MAX_BYTES = 2 ** 30;
/** A timer of more than 2^31 - 1 ms fires at once; the capability's own limit is a little longer. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1 - 1000;
const METHOD = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
// These make a connection into something else, or show a request to whoever asks.
const NEVER = ['CONNECT', 'TRACE', 'TRACK'];

/** Fills in the defaults. @throws ScatterError `CONFIG_INVALID` */
export function settleFetchRules(given: {
  readonly hosts: unknown;
  readonly methods?: unknown;
  readonly maxBytes?: unknown;
  readonly timeoutMs?: unknown;
}): FetchRules {
  const { hosts, methods = ['GET', 'HEAD'], maxBytes = MIB, timeoutMs = 5000 } = given;
  return {
    hosts: new HostRules(hosts),
    methods: settleMethods(methods),
    maxBytes: wholeNumber('maxBytes', maxBytes, MAX_BYTES),
    timeoutMs: wholeNumber('timeoutMs', timeoutMs, MAX_TIMEOUT_MS),
  };
}

function settleMethods(methods: unknown): readonly string[] {
  if (!Array.isArray(methods) || methods.length === 0) {
    throw configError(
      `allowFetch({ methods }) takes a list of methods such as ['GET', 'POST'], not ${shown(methods)}`,
    );
  }
  return methods.map((method: unknown) => {
    const name = typeof method === 'string' ? method.toUpperCase() : '';
    if (METHOD.test(name) && !NEVER.includes(name)) return name;
    throw configError(`${shown(method)} cannot be in allowFetch({ methods }); leave it out`);
  });
}

function wholeNumber(option: string, value: unknown, highest: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= highest) {
    return value;
  }
  throw configError(
    `${option} of allowFetch() is ${shown(value)}; it must be a whole number from 1 to ${highest}`,
  );
}
