import { demand } from './violation.ts';

/** How often each type was met. */
export type TypeCounts = Map<string, number>;

// By what `Object.prototype.toString` cannot be told: whose prototype it is, exactly.
const PROTOTYPES: ReadonlyMap<object, string> = new Map([
  ...[Object, Array, Map, Set, Date, ArrayBuffer].map(named),
  ...[Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError].map(named),
  ...[AggregateError, Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array].map(named),
  ...[Int32Array, Uint32Array, Float16Array, Float32Array, Float64Array].map(named),
  ...[BigInt64Array, BigUint64Array].map(named),
]);
const WATCHED = [Object, Array, Map, Set, Date, Error, Function, String, Number, ArrayBuffer];
const UNTOUCHED = builtIns();

function named(made: { readonly prototype: object; readonly name: string }) {
  return [made.prototype, made.name] as const;
}

/** Walks a decoded value. @throws Violation for anything in it that is no plain data of this program */
export function checkPlain(value: unknown, counts: TypeCounts, foreign?: ArrayBufferLike): void {
  if (typeof value !== 'object' || value === null) {
    const type = value === null ? 'null' : typeof value;
    demand(type !== 'function' && type !== 'symbol', `a ${type} was decoded`);
    counts.set(type, (counts.get(type) ?? 0) + 1);
    return;
  }
  const type = PROTOTYPES.get(Object.getPrototypeOf(value) as object);
  demand(type !== undefined, 'an object of no known prototype was decoded');
  counts.set(type, (counts.get(type) ?? 0) + 1);
  demand(Array.isArray(value) === (type === 'Array'), `${type} and array do not agree`);
  demand(Error.isError(value) === type.endsWith('Error'), `${type} and error do not agree`);
  const visit = (part: unknown): void => checkPlain(part, counts, foreign);
  if (ArrayBuffer.isView(value)) checkView(value, foreign);
  else checkFields(value, type, visit);
  if (value instanceof Map) for (const [key, part] of value) visitBoth(visit, key, part);
  if (value instanceof Set) value.forEach(visit);
}

/** @throws Violation when something has changed the built-ins since this module was loaded */
export function checkBuiltIns(): void {
  const now = builtIns();
  const isSame = now.length === UNTOUCHED.length;
  demand(
    isSame && now.every((part, at) => Object.is(part, UNTOUCHED[at])),
    'a built-in prototype was changed',
  );
}

function visitBoth(visit: (part: unknown) => void, key: unknown, part: unknown): void {
  visit(key);
  visit(part);
}

function checkView(view: ArrayBufferView, foreign: ArrayBufferLike | undefined): void {
  demand(view.buffer !== foreign, 'a view of the frame itself was decoded');
  demand(view.buffer.byteLength === view.byteLength, 'a view of part of a buffer was decoded');
  if (view.byteLength > 64) return;
  demand(
    Reflect.ownKeys(view).every((key) => /^\d+$/.test(String(key))),
    'a view has fields',
  );
}

function checkFields(value: object, type: string, visit: (part: unknown) => void): void {
  const keys = Reflect.ownKeys(value);
  const mayHave = ['Object', 'Array'].includes(type) || type.endsWith('Error');
  demand(mayHave || keys.length === 0, `a ${type} has the field ${String(keys[0])}`);
  for (const key of keys) {
    demand(typeof key === 'string', 'a symbol is a key');
    const field = Object.getOwnPropertyDescriptor(value, key);
    demand(field !== undefined && 'value' in field, `${key} is an accessor`);
    demand(field.writable === true, `${key} cannot be written`);
    if (type !== 'Array' || key !== 'length') visit(field.value);
  }
}

/** All that the built-in prototypes have, one after the other. */
function builtIns(): readonly unknown[] {
  return WATCHED.flatMap(({ prototype }) => [
    Object.getPrototypeOf(prototype),
    ...Reflect.ownKeys(prototype).flatMap((key) => {
      const field = Object.getOwnPropertyDescriptor(prototype, key);
      return [key, field?.value, field?.get, field?.set, field?.enumerable, field?.writable];
    }),
  ]);
}
