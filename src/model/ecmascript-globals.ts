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
