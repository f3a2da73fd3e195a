/** Numbers that host, worker and guest share. Also part of the guest's prelude. */

/** Frames from the host to a worker thread. */
export const HOST_FRAME = {
  /** id: isolate; body: a `LoadSpec` as msgpack. Makes an isolate and loads a function into it. */
  LOAD: 1,
  /** id: call; body: isolate, limits (see `call-frame.ts`), arguments. */
  CALL: 2,
  /** id: request; detail: 1 if it went well; body: u32 isolate, then the answer's value. */
  ANSWER: 3,
  /** id: call; body: u32 isolate. Nobody waits for the call any more. */
  CANCEL: 4,
  /** id: isolate. It gets no more calls; to be disposed when those in it have settled. */
  RETIRE: 5,
  /** id: isolate. All calls that it gave back have come: it takes calls again, see `workers/serve.ts`. */
  RESUME: 6,
  /** To be answered by PONG at once. */
  PING: 7,
} as const;

/** Frames from a worker thread to the host. */
export const WORKER_FRAME = {
  /** id: isolate. */
  LOADED: 1,
  /** id: isolate; detail: {@link FAILURE}; body: what a FAILED of that kind has. */
  LOAD_FAILED: 2,
  /** id: call; body: the value. */
  RESULT: 3,
  /** id: call; detail: {@link FAILURE}; body: depends on it. */
  FAILED: 4,
  /** id: request; detail: {@link REQUEST_KIND}; body: u32 isolate, then that of the guest's record. */
  REQUEST: 5,
  /** id: call; detail: {@link LOG_LEVELS} index; body: UTF-8. */
  LOG: 6,
  /** id: isolate. It takes no new calls; calls sent to it meanwhile come back as NOT_BEGUN. */
  RETIRED: 7,
  /** id: isolate. */
  DISPOSED: 8,
  PONG: 9,
} as const;

/** Records that a guest's prelude appends; the first four become frames of the same meaning. */
export const GUEST_RECORD = {
  RESULT: 1,
  /** detail: {@link FAILURE}. */
  FAILED: 2,
  /**
   * id: request; detail: {@link REQUEST_KIND}; body: u32 call, u32 link or capability, arguments. For a
   * capability, u32 bytes of path and the path itself come before the arguments.
   */
  REQUEST: 3,
  LOG: 4,
  /** id: timer; detail: 1 if it repeats; body: u32 call, f64 delay in ms. */
  TIMER: 5,
  /** id: timer. */
  CLEAR_TIMER: 6,
  LOADED: 7,
} as const;

/** What a guest asks its host for. */
export const REQUEST_KIND = {
  /** A call of another function, by its place in the artifact's `links`. */
  LINK: 0,
  /** A call of a function of a capability, by its place in the artifact's `requires`. */
  CAPABILITY: 1,
} as const;

/** What the worker enters an isolate for. */
export const ENTRY = {
  LOAD: 1,
  CALL: 2,
  TIMER: 3,
  ANSWER: 4,
  /** To hand out records that did not fit. */
  FLUSH: 5,
  INBOX: 6,
  OUTBOX: 7,
  ENVIRONMENT: 8,
  /** Hands in the text of what is loaded at first use. */
  LIBRARIES: 9,
} as const;

/** The byte of a shared buffer by which the guest's side says that it uses it from now on. */
export const PLACED_AT = 4;

/** What the first byte of an environment becomes once the guest's side has it; no value begins so. */
export const FURNISHED = 0xc1;

/** Why a call failed, as far as the worker can tell. */
export const FAILURE = {
  /** body: a `GuestErrorReport` as a value. */
  THREW: 1,
  TIMEOUT: 2,
  OUT_OF_MEMORY: 3,
  /** The isolate was disposed around the call. */
  CUT_OFF: 4,
  /** body: the `{ path, reason }` of the value that cannot cross. */
  UNSUPPORTED: 5,
  /** body: as for UNSUPPORTED. */
  TOO_LARGE: 6,
  /** The isolate was gone or retired before the call began: to be sent again unseen. */
  NOT_BEGUN: 7,
  /** The code does not parse, or does not evaluate to what an artifact must. */
  NOT_LOADABLE: 8,
  /** The guest broke the rules of its outbox. */
  REJECTED: 9,
} as const;

/** What a line of console output counts for beside its text, against `maxLogBytes`. */
export const LOG_LINE_BYTES = 16;

/**
 * Timers of an isolate that have not ended. The prelude refuses more; the worker, which keeps a timer of its
 * own for each, outside of the isolate's heap, does not rely on that.
 */
export const MAX_TIMERS = 10_000;

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
