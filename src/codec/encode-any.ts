import { type Brand, brandOf, isBuiltIn, isPlainArray, isPlainPrototype } from './brand.ts';
import { mapItems, setItems } from './collections.ts';
import { encodeArrayBuffer, encodeTypedArray } from './encode-binary.ts';
import { countWritten, depthFailure, unsupportedFailure } from './encode-failure.ts';
import { errorFieldKeys } from './error-parts.ts';
import {
  ArrayIsArray,
  DatePrototypeGetTime,
  ObjectGetPrototypeOf,
  ObjectHasOwn,
  ObjectKeys,
} from './primordials.ts';
import {
  ARRAY_WEIGHT,
  BIGINT_WEIGHT,
  DATE_WEIGHT,
  ERROR_WEIGHT,
  EXT_ERROR,
  EXT_MAP,
  EXT_SET,
  FIELD_WEIGHT,
  MAP_ITEM_WEIGHT,
  MAP_WEIGHT,
  MAX_DEPTH,
  OBJECT_WEIGHT,
  PROPERTY_WEIGHT,
  SET_ITEM_WEIGHT,
  SET_WEIGHT,
} from './wire.ts';
import {
  closeExt,
  openExt,
  turnIntoEntries,
  writeArrayHeader,
  writeByte,
  writeMapHeader,
} from './write-header.ts';
import {
  writeBigInt,
  writeDate,
  writeNumber,
  writeString,
  writeUndefined,
} from './write-scalar.ts';
import { OVER_LIMIT, type Writer } from './writer.ts';

/** Writes any value at the writer's position. @throws CodecFailure, Overflow */
export function encodeAny(writer: Writer, value: unknown): void {
  switch (typeof value) {
    case 'string':
      writeString(writer, value);
      return;
    case 'number':
      writeNumber(writer, value);
      return;
    case 'object':
      if (value === null) writeByte(writer, 0xc0);
      else encodeObject(writer, value);
      return;
    case 'boolean':
      writeByte(writer, value ? 0xc3 : 0xc2);
      return;
    case 'undefined':
      writeUndefined(writer);
      return;
    case 'bigint':
      countWritten(writer, BIGINT_WEIGHT);
      writeBigInt(writer, value);
      return;
    default:
      throw unsupportedFailure(writer, value);
  }
}

function encodeObject(writer: Writer, value: object): void {
  if (ArrayIsArray(value)) {
    if (!isPlainArray(value)) throw unsupportedFailure(writer, value);
    encodeArray(writer, value);
  } else if (isPlainPrototype(ObjectGetPrototypeOf(value))) {
    encodePlain(writer, value as Record<string, unknown>);
  } else {
    encodeBranded(writer, value, brandOf(value));
  }
}

function encodePlain(writer: Writer, object: Record<string, unknown>): void {
  const keys = ObjectKeys(object);
  const count = keys.length;
  const level = enter(writer, object, OBJECT_WEIGHT + count * PROPERTY_WEIGHT);
  const start = writer.position;
  writeMapHeader(writer, count);
  const body = writer.position;
  let regular = true;
  for (let index = 0; index < count; index += 1) {
    const key = keys[index] as string;
    writer.keys[level] = key;
    if (!writeString(writer, key)) regular = false;
    encodeAny(writer, object[key]);
  }
  if (!regular) {
    countWritten(writer, count * (FIELD_WEIGHT - PROPERTY_WEIGHT));
    turnIntoEntries(writer, start, body, count);
  }
  leave(writer, level);
}

function encodeArray(writer: Writer, array: readonly unknown[]): void {
  const count: unknown = array.length;
  // A proxy of an array can say anything.
  if (typeof count !== 'number' || !(count >= 0 && count <= 0xffffffff && count % 1 === 0)) {
    throw unsupportedFailure(writer, array);
  }
  encodeItems(writer, array, array, count, ARRAY_WEIGHT);
}

/** Writes the first `count` of `items`, which are what `container` holds. */
function encodeItems(
  writer: Writer,
  container: object,
  items: readonly unknown[],
  count: number,
  weight: number,
): void {
  const level = enter(writer, container, weight);
  writeArrayHeader(writer, count);
  // Each takes a byte at least: a sparse giant ends here.
  if (writer.position + count > writer.limit) throw OVER_LIMIT;
  for (let index = 0; index < count; index += 1) {
    writer.keys[level] = index;
    encodeAny(writer, items[index]);
  }
  leave(writer, level);
}

function encodeBranded(writer: Writer, value: object, brand: Brand): void {
  // Classes of errors cross as errors; of everything else only the built-in class itself.
  if (brand === 'Error') {
    encodeError(writer, value as Error);
    return;
  }
  if (brand === 'none' || !isBuiltIn(value, brand)) throw unsupportedFailure(writer, value);
  switch (brand) {
    case 'Map':
      encodeMap(writer, value as Map<unknown, unknown>);
      return;
    case 'Set':
      encodeSet(writer, value as Set<unknown>);
      return;
    case 'Date':
      countWritten(writer, DATE_WEIGHT);
      writeDate(writer, DatePrototypeGetTime(value));
      return;
    case 'ArrayBuffer':
      encodeArrayBuffer(writer, value);
      return;
    case 'TypedArray':
      encodeTypedArray(writer, value);
      return;
  }
}

function encodeMap(writer: Writer, map: Map<unknown, unknown>): void {
  const items = mapItems(map);
  const body = openExt(writer, EXT_MAP);
  const weight = MAP_WEIGHT + items.length * MAP_ITEM_WEIGHT;
  encodeItems(writer, map, items, items.length, weight);
  closeExt(writer, body);
}

function encodeSet(writer: Writer, set: Set<unknown>): void {
  const items = setItems(set);
  const body = openExt(writer, EXT_SET);
  encodeItems(writer, set, items, items.length, SET_WEIGHT + items.length * SET_ITEM_WEIGHT);
  closeExt(writer, body);
}

function encodeError(writer: Writer, error: Error): void {
  const keys = errorFieldKeys(error);
  const hasCause = ObjectHasOwn(error, 'cause');
  const body = openExt(writer, EXT_ERROR);
  const level = enter(writer, error, ERROR_WEIGHT + keys.length * FIELD_WEIGHT);
  writeArrayHeader(writer, 2 + (hasCause ? 1 : 0) + keys.length * 2);
  const name: unknown = error.name;
  const message: unknown = error.message;
  writeString(writer, typeof name === 'string' ? name : 'Error');
  writeString(writer, typeof message === 'string' ? message : '');
  if (hasCause) {
    writer.keys[level] = 'cause';
    encodeAny(writer, error.cause);
  }
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] as string;
    writer.keys[level] = key;
    writeString(writer, key);
    encodeAny(writer, (error as unknown as Record<string, unknown>)[key]);
  }
  leave(writer, level);
  closeExt(writer, body);
}

function enter(writer: Writer, container: object, weight: number): number {
  const level = writer.depth;
  if (level >= MAX_DEPTH) throw depthFailure(writer);
  countWritten(writer, weight);
  writer.parents[level] = container;
  writer.depth = level + 1;
  return level;
}

function leave(writer: Writer, level: number): void {
  writer.parents[level] = undefined;
  writer.keys[level] = undefined;
  writer.depth = level;
}
