import { ECMASCRIPT_GLOBALS } from '../../model/ecmascript-globals.ts';
import { FETCH_GLOBALS } from '../../model/fetch-capability.ts';

/** What a guest has beside ECMAScript, whole. */
export const GUEST_GLOBALS: readonly string[] = [
  'console setTimeout clearTimeout setInterval clearInterval setImmediate clearImmediate',
  'queueMicrotask structuredClone URL URLSearchParams TextEncoder TextDecoder atob btoa',
  'AbortController AbortSignal Event CustomEvent EventTarget DOMException',
].flatMap((line) => line.split(' '));

/** Methods of `console` that people capture under another name. */
export const CONSOLE_METHODS: readonly string[] = [
  'debug',
  'error',
  'info',
  'log',
  'trace',
  'warn',
];

/** Globals of which a guest has only these members. */
export const PARTIAL_GLOBALS: ReadonlyMap<string, readonly string[]> = new Map([
  ['process', ['env']],
  ['crypto', ['getRandomValues', 'randomUUID']],
  ['performance', ['timeOrigin', 'now']],
]);

/** What CommonJS gives every file beside its own declarations. */
export const COMMONJS_NAMES: readonly string[] = [
  'require',
  'module',
  'exports',
  '__filename',
  '__dirname',
];

const WHOLE = new Set([...ECMASCRIPT_GLOBALS, ...GUEST_GLOBALS, ...FETCH_GLOBALS]);

/** Whether a guest has the global `name` just as the host has it, or can have it. */
export function isGuestGlobal(name: string): boolean {
  return WHOLE.has(name);
}
