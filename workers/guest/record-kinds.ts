/**
 * Numbers that the prelude shares with `src/codec/frame.ts`. They stand twice because that file does
 * not belong into an isolate; `test/workers/record-kinds.test.ts` holds the two together.
 */
export const RECORD_KINDS = {
  RESULT: 1,
  FAILED: 2,
  REQUEST: 3,
  LOG: 4,
  TIMER: 5,
  CLEAR_TIMER: 6,
  LOADED: 7,
};

export const FAILURE_CODES = { THREW: 1, UNSUPPORTED: 5, TOO_LARGE: 6, NOT_LOADABLE: 8 };
