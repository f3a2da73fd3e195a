/** The ECMAScript globals that a guest has; the isolate lacks `Atomics`, `SharedArrayBuffer`, `WebAssembly`. */
export const ECMASCRIPT_GLOBALS: readonly string[] = [
  'AggregateError Array ArrayBuffer AsyncDisposableStack BigInt BigInt64Array BigUint64Array Boolean',
  'DataView Date DisposableStack SuppressedError',
  'Error EvalError FinalizationRegistry Float16Array Float32Array Float64Array Function Infinity',
  'Int16Array Int32Array Int8Array Intl Iterator JSON Map Math NaN Number Object Promise Proxy',
  'RangeError ReferenceError Reflect RegExp Set String Symbol SyntaxError TypeError URIError',
  'Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet',
  'decodeURI decodeURIComponent encodeURI encodeURIComponent escape eval globalThis isFinite isNaN',
  'parseFloat parseInt undefined unescape',
].flatMap((line) => line.split(' '));

/** What a guest has beside ECMAScript, whole. */
export const GUEST_GLOBALS: readonly string[] = [
  'console setTimeout clearTimeout setInterval clearInterval setImmediate clearImmediate',
  'queueMicrotask structuredClone',
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
]);

/** What CommonJS gives every file beside its own declarations. */
export const COMMONJS_NAMES: readonly string[] = [
  'require',
  'module',
  'exports',
  '__filename',
  '__dirname',
];

const WHOLE = new Set([...ECMASCRIPT_GLOBALS, ...GUEST_GLOBALS]);

/** Whether a guest has the global `name` just as the host has it. */
export function isGuestGlobal(name: string): boolean {
  return WHOLE.has(name);
}
