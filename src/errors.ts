/**
 * Every error code of scatter, whether trying again can help, and what it means.
 * `docs/errors.md` explains each; a test holds the two together.
 */
export const ERROR_CODES = {
  SCATTER_ERR_REF_INVALID: { retryable: false, meaning: 'a name, alias or reference is malformed' },
  SCATTER_ERR_FUNCTION_NOT_FOUND: {
    retryable: false,
    meaning: 'the registry has no such function',
  },
  SCATTER_ERR_VERSION_NOT_FOUND: { retryable: false, meaning: 'no such version or alias' },
  SCATTER_ERR_REGISTRY_UNREACHABLE: { retryable: true, meaning: 'the registry does not answer' },
  SCATTER_ERR_REGISTRY_CONFLICT: { retryable: false, meaning: 'somebody else moved it first' },
  SCATTER_ERR_REGISTRY_READONLY: { retryable: false, meaning: 'the registry may not be written' },
  SCATTER_ERR_REGISTRY_FULL: { retryable: false, meaning: 'the disk under the registry is full' },
  SCATTER_ERR_REGISTRY_CORRUPT: { retryable: false, meaning: 'stored bytes fail their check' },
  SCATTER_ERR_FLEET_BEHIND: {
    retryable: true,
    meaning: 'not all instances applied a change in time',
  },
  SCATTER_ERR_CAPTURE_UNSUPPORTED: {
    retryable: false,
    meaning: 'something captured cannot travel',
  },
  SCATTER_ERR_SOURCE_INVALID: { retryable: false, meaning: 'the code does not parse or load' },
  SCATTER_ERR_CAPABILITY_MISSING: {
    retryable: false,
    meaning: 'a required capability is not given',
  },
  SCATTER_ERR_CAPABILITY_FAILED: { retryable: false, meaning: 'a capability threw' },
  SCATTER_ERR_CAPABILITY_TIMEOUT: { retryable: false, meaning: 'a capability did not answer' },
  SCATTER_ERR_CAPABILITY_EXHAUSTED: {
    retryable: false,
    meaning: 'a call used a capability more than it may',
  },
  SCATTER_ERR_VALUE_UNSUPPORTED: { retryable: false, meaning: 'a value cannot cross' },
  SCATTER_ERR_VALUE_TOO_LARGE: { retryable: false, meaning: 'a value is over its byte limit' },
  SCATTER_ERR_GUEST_THREW: { retryable: false, meaning: 'the function threw' },
  SCATTER_ERR_GUEST_TIMEOUT: { retryable: false, meaning: 'the function ran past a time limit' },
  SCATTER_ERR_GUEST_OUT_OF_MEMORY: {
    retryable: false,
    meaning: 'the isolate passed its memory limit',
  },
  SCATTER_ERR_GUEST_REJECTED_OUTPUT: {
    retryable: false,
    meaning: 'the guest sent bytes that fail the checks',
  },
  SCATTER_ERR_GUEST_QUARANTINED: {
    retryable: true,
    meaning: 'the function killed its executor too often',
  },
  SCATTER_ERR_EXECUTOR_CRASHED: {
    retryable: false,
    meaning: 'the executor process ended during the call',
  },
  SCATTER_ERR_POOL_OVERLOADED: { retryable: true, meaning: 'the queue of waiting calls is full' },
  SCATTER_ERR_POOL_CLOSED: { retryable: false, meaning: 'the instance was closed' },
  SCATTER_ERR_FORMAT_UNSUPPORTED: {
    retryable: false,
    meaning: 'the artifact needs a newer scatter',
  },
  SCATTER_ERR_CONFIG_INVALID: {
    retryable: false,
    meaning: 'an option or its combination is wrong',
  },
  SCATTER_ERR_ABORTED: { retryable: false, meaning: 'the caller aborted the call' },
  SCATTER_ERR_CALL_CUT_OFF: { retryable: true, meaning: 'an isolate was disposed around the call' },
  SCATTER_ERR_CALL_TOO_DEEP: { retryable: false, meaning: 'functions call each other too deeply' },
  SCATTER_ERR_CALL_EXHAUSTED: {
    retryable: false,
    meaning: 'a call made too many calls of other functions',
  },
  SCATTER_ERR_CALL_NOT_SYNC: { retryable: false, meaning: 'callSync met a promise' },
} as const satisfies Record<`SCATTER_ERR_${string}`, { retryable: boolean; meaning: string }>;

/** One of the codes in {@link ERROR_CODES}. Callers match on this, never on a message. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** What a guest's own error looked like, as `ScatterError.guest`; nothing in it is trusted. */
export interface GuestErrorReport {
  readonly name: string;
  readonly message: string;
  /** Frames point into the author's file and line where the artifact knows them. */
  readonly stack: string;
  /** Own enumerable fields of the error; for a thrown non-Error the value itself. */
  readonly data: unknown;
}

/** Facts of an error beside its message; each becomes a field of the {@link ScatterError}. */
export interface ErrorDetails {
  readonly cause?: unknown;
  /** Overrides the table where one code is retryable only sometimes. */
  readonly retryable?: boolean;
  readonly function?: string;
  readonly version?: number;
  readonly guest?: GuestErrorReport;
  /** For `GUEST_QUARANTINED`: in how many ms calls are taken again. */
  readonly retryAfterMs?: number;
  /** For `EXECUTOR_CRASHED`: whether the function had begun to run. */
  readonly begun?: boolean;
  /** Where in a value the trouble is, such as `args[0].user.onSave`. */
  readonly path?: string;
  /** The name of the capability in question. */
  readonly capability?: string;
  /** For `SOURCE_INVALID`: the module that has the trouble, and where in it, both from 1. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/**
 * The one error class of scatter. Its `code` is stable, its message is for people: it says what
 * was being done, quotes the value and says what to do next.
 */
export class ScatterError extends Error {
  override readonly name = 'ScatterError';
  readonly code: ErrorCode;
  readonly retryable: boolean;
  declare readonly function?: string;
  declare readonly version?: number;
  declare readonly guest?: GuestErrorReport;
  declare readonly begun?: boolean;
  declare readonly retryAfterMs?: number;
  declare readonly path?: string;
  declare readonly capability?: string;
  declare readonly file?: string;
  declare readonly line?: number;
  declare readonly column?: number;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    const { cause, retryable, ...fields } = details;
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.retryable = retryable ?? ERROR_CODES[code].retryable;
    Object.assign(this, fields);
  }
}

/** Whether `error` is a {@link ScatterError}, of the given code if one is given. */
export function isScatterError(error: unknown, code?: ErrorCode): error is ScatterError {
  return error instanceof ScatterError && (code === undefined || error.code === code);
}
