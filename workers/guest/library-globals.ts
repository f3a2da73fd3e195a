/** The parts of the guest's world that are loaded at first use, with the globals that each gives. */
export const LIBRARY_GLOBALS = {
  'dom-exception': ['DOMException'],
  encoding: ['TextEncoder', 'TextDecoder'],
  base64: ['atob', 'btoa'],
  events: ['Event', 'CustomEvent', 'EventTarget', 'AbortController', 'AbortSignal'],
  crypto: ['crypto'],
  url: ['URL', 'URLSearchParams'],
  // For guests whose version requires the capability `fetch`, see `web-fetch.ts`.
  fetch: ['fetch', 'Headers', 'Request', 'Response'],
  // What `url` needs for names that are not ASCII.
  idna: [],
} as const satisfies Record<string, readonly string[]>;

export type LibraryName = keyof typeof LIBRARY_GLOBALS;
