import { brandOf, classNameOf, hasSlot, regexpFlags } from '../../src/codec/brand.ts';
import { mapItems, setItems } from '../../src/codec/collections.ts';
import { isErrorClass, newError } from '../../src/codec/decode-error.ts';
import { defineOwn, newArray, setFresh } from '../../src/codec/own-property.ts';
import {
  ArrayBufferConstructor,
  ArrayBufferPrototypeGetByteLength,
  ArrayBufferPrototypeGetDetached,
  ArrayIsArray,
  BigIntPrototypeValueOf,
  BooleanPrototypeValueOf,
  DataViewConstructor,
  DataViewPrototypeGetBuffer,
  DataViewPrototypeGetByteLength,
  DataViewPrototypeGetByteOffset,
  DateConstructor,
  DatePrototypeGetTime,
  ErrorConstructor,
  MapConstructor,
  MapPrototypeGet,
  MapPrototypeHas,
  MapPrototypeSet,
  NumberPrototypeValueOf,
  ObjectHasOwn,
  ObjectKeys,
  ObjectOf,
  RegExpConstructor,
  RegExpPrototypeGetSource,
  SetConstructor,
  SetPrototypeAdd,
  StringOf,
  StringPrototypeValueOf,
  SymbolPrototypeValueOf,
  TypedArrayPrototypeGetBuffer,
  TypedArrayPrototypeGetByteOffset,
  TypedArrayPrototypeGetLength,
  TypedArrayPrototypeGetName,
  TypedArrayPrototypeSet,
  Uint8ArrayConstructor,
} from '../../src/codec/primordials.ts';
import { newTypedArray, typedArrayIndex } from '../../src/codec/typed-arrays.ts';

const BOXES: readonly ((self: unknown) => unknown)[] = [
  NumberPrototypeValueOf,
  StringPrototypeValueOf,
  BooleanPrototypeValueOf,
  BigIntPrototypeValueOf,
];

/** What has been cloned so far: one object twice stays one, and a cycle closes. */
type Seen = Map<unknown, unknown>;

/**
 * The guest's `structuredClone`, as the HTML standard has it but for what isolates lack: a transfer
 * list must be absent or empty. A class instance becomes a plain object.
 *
 * @throws Error named `DataCloneError`
 */
export function structuredClone(
  value: unknown,
  options?: { readonly transfer?: unknown },
): unknown {
  const transfer = options?.transfer;
  if (transfer !== undefined && !(ArrayIsArray(transfer) && transfer.length === 0)) {
    throw dataCloneError('a transfer list cannot be used here');
  }
  return cloneAny(new MapConstructor(), value);
}

function cloneAny(seen: Seen, value: unknown): unknown {
  if (typeof value === 'function') throw dataCloneError('a function cannot be cloned');
  if (typeof value === 'symbol') throw dataCloneError('a symbol cannot be cloned');
  if (typeof value !== 'object' || value === null) return value;
  if (MapPrototypeHas(seen, value)) return MapPrototypeGet(seen, value);
  if (ArrayIsArray(value)) return cloneArray(seen, value);
  switch (brandOf(value)) {
    case 'Map':
      return cloneMap(seen, value as Map<unknown, unknown>);
    case 'Set':
      return cloneSet(seen, value as Set<unknown>);
    case 'Date':
      return remember(seen, value, new DateConstructor(DatePrototypeGetTime(value)));
    case 'ArrayBuffer':
      return cloneBuffer(seen, value);
    case 'TypedArray':
      return cloneTypedArray(seen, value);
    case 'Error':
      return cloneError(seen, value as Error);
    default:
      return cloneUnbranded(seen, value);
  }
}

function cloneUnbranded(seen: Seen, value: object): unknown {
  if (hasSlot(DataViewPrototypeGetByteLength, value)) return cloneDataView(seen, value);
  if (hasSlot(RegExpPrototypeGetSource, value)) return cloneRegExp(seen, value);
  for (let index = 0; index < BOXES.length; index += 1) {
    const unbox = BOXES[index] as (self: unknown) => unknown;
    if (hasSlot(unbox, value)) return remember(seen, value, ObjectOf(unbox(value)));
  }
  if (hasSlot(SymbolPrototypeValueOf, value)) throw dataCloneError('a symbol cannot be cloned');
  const name = classNameOf(value);
  if (isUncloneable(name)) throw dataCloneError(`a ${name} cannot be cloned`);
  const copy: Record<string, unknown> = {};
  remember(seen, value, copy);
  const keys = ObjectKeys(value);
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] as string;
    setFresh(copy, key, cloneAny(seen, (value as Record<string, unknown>)[key]));
  }
  return copy;
}

function cloneArray(seen: Seen, array: readonly unknown[]): unknown[] {
  const { length } = array;
  const keys = ObjectKeys(array);
  // Integer keys come first and in order, so this tells that there is no hole and no other key.
  const isDense =
    keys.length === length && (length === 0 || keys[length - 1] === StringOf(length - 1));
  const copy = isDense ? newArray(length) : [];
  remember(seen, array, copy);
  if (isDense) {
    for (let index = 0; index < length; index += 1) copy[index] = cloneAny(seen, array[index]);
    return copy;
  }
  copy.length = length;
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] as string;
    const value = (array as unknown as Record<string, unknown>)[key];
    defineOwn(copy, key, cloneAny(seen, value), true);
  }
  return copy;
}

function cloneMap(seen: Seen, map: Map<unknown, unknown>): Map<unknown, unknown> {
  const copy = remember(seen, map, new MapConstructor());
  const items = mapItems(map);
  for (let index = 0; index < items.length; index += 2) {
    const key = cloneAny(seen, items[index]);
    MapPrototypeSet(copy, key, cloneAny(seen, items[index + 1]));
  }
  return copy;
}

function cloneSet(seen: Seen, set: Set<unknown>): Set<unknown> {
  const copy = remember(seen, set, new SetConstructor());
  const items = setItems(set);
  for (let index = 0; index < items.length; index += 1) {
    SetPrototypeAdd(copy, cloneAny(seen, items[index]));
  }
  return copy;
}

function cloneBuffer(seen: Seen, buffer: object): ArrayBuffer {
  if (!hasSlot(ArrayBufferPrototypeGetByteLength, buffer)) {
    throw dataCloneError('shared memory cannot be cloned');
  }
  if (ArrayBufferPrototypeGetDetached(buffer)) {
    throw dataCloneError('a detached ArrayBuffer cannot be cloned');
  }
  const length = ArrayBufferPrototypeGetByteLength(buffer);
  const copy = new ArrayBufferConstructor(length);
  const source = new Uint8ArrayConstructor(buffer as ArrayBuffer, 0, length);
  TypedArrayPrototypeSet(new Uint8ArrayConstructor(copy, 0, length), source, 0);
  return remember(seen, buffer, copy);
}

function cloneTypedArray(seen: Seen, array: object): object | undefined {
  const buffer = cloneAny(seen, TypedArrayPrototypeGetBuffer(array)) as ArrayBuffer;
  const offset = TypedArrayPrototypeGetByteOffset(array);
  const length = TypedArrayPrototypeGetLength(array);
  const name = TypedArrayPrototypeGetName(array) as string;
  if (name === 'Uint8Array') {
    return remember(seen, array, new Uint8ArrayConstructor(buffer, offset, length));
  }
  return remember(seen, array, newTypedArray(typedArrayIndex(name), buffer, offset, length));
}

function cloneDataView(seen: Seen, view: object): DataView {
  const buffer = cloneAny(seen, DataViewPrototypeGetBuffer(view)) as ArrayBuffer;
  const offset = DataViewPrototypeGetByteOffset(view);
  const length = DataViewPrototypeGetByteLength(view);
  return remember(seen, view, new DataViewConstructor(buffer, offset, length));
}

function cloneRegExp(seen: Seen, regexp: object): RegExp {
  const flags = regexpFlags(regexp);
  return remember(seen, regexp, new RegExpConstructor(RegExpPrototypeGetSource(regexp), flags));
}

function cloneError(seen: Seen, error: Error): Error {
  const { name, message, stack } = error as { name: unknown; message: unknown; stack?: unknown };
  const known = typeof name === 'string' && isErrorClass(name) ? name : 'Error';
  const copy = remember(seen, error, newError(known, typeof message === 'string' ? message : ''));
  if (typeof stack === 'string') defineOwn(copy, 'stack', stack, false);
  if (ObjectHasOwn(error, 'cause')) defineOwn(copy, 'cause', cloneAny(seen, error.cause), false);
  return copy;
}

function isUncloneable(className: string): boolean {
  return (
    className === 'Promise' ||
    className === 'WeakMap' ||
    className === 'WeakSet' ||
    className === 'WeakRef' ||
    className === 'FinalizationRegistry'
  );
}

function remember<T>(seen: Seen, value: object, copy: T): T {
  MapPrototypeSet(seen, value, copy);
  return copy;
}

function dataCloneError(message: string): Error {
  const error = new ErrorConstructor(message);
  defineOwn(error, 'name', 'DataCloneError', false);
  return error;
}
