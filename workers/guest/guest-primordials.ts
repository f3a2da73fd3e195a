/** Built-ins that only the prelude needs, as they are before guest code runs. */
export const Int32ArrayConstructor: new (
  buffer: ArrayBufferLike,
  at: number,
  size: number,
) => Int32Array = Int32Array;
export const Float64ArrayConstructor: new (size: number) => Float64Array<ArrayBuffer> =
  Float64Array;
export const PromiseConstructor: PromiseConstructor = Promise;
export const ProxyConstructor: new <T extends object>(target: T, handler: ProxyHandler<T>) => T =
  Proxy;
export const RangeErrorConstructor: new (message: string) => RangeError = RangeError;
export const TypeErrorConstructor: new (message: string) => TypeError = TypeError;
export const ObjectFreeze: <T>(object: T) => Readonly<T> = Object.freeze;
export const RESOLVED: Promise<void> = Promise.resolve();
// `await` asks for it; on the prototype, a guest's own getter would be handed the promise.
Object.defineProperty(RESOLVED, 'constructor', { value: Promise });
export const GUEST_GLOBAL: object = globalThis;
// Called by another name, `eval` is the indirect one: global scope, nothing of ours in sight.
export const evaluateGlobally: (code: string) => unknown = eval;
export const DateNow: () => number = Date.now;
