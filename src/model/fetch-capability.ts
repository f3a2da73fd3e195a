/** The capability behind the global `fetch` of guests; `allowFetch()` provides it. */
export const FETCH_CAPABILITY = 'fetch';

/** What guests have on their global object if, and only if, their version requires that capability. */
export const FETCH_GLOBALS: readonly string[] = ['fetch', 'Headers', 'Request', 'Response'];
