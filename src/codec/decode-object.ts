import { isAssignable, readKey } from './key-cache.ts';
import { NO_SHAPE, newTable, shapeOfEmpty, shapeWithKey, turnIntoTable } from './key-shapes.ts';
import { defineOwn } from './own-property.ts';
import {
  enterContainer,
  leaveContainer,
  malformed,
  type Reader,
  readStringLength,
  readUint8,
} from './reader.ts';
import { firstSparseIndex, isIndex, keepSparse } from './sparse-indices.ts';
import { OBJECT_WEIGHT, PROPERTY_WEIGHT } from './wire.ts';

// With more properties V8 keeps them in a table.
const MOST_COMPACT = 16;
// What a compact object takes at most, and each property of one.
const COMPACT_BYTES = 64;
const COMPACT_PROPERTY_BYTES = 16;

// The objects of small values, which most are, need no watching.
const UNWATCHED_WEIGHT = 128 * 1024;

/** Reads a plain object of `count` properties; `readItem` reads their values. */
export function readObject(
  reader: Reader,
  count: number,
  readItem: (reader: Reader) => unknown,
): object {
  enterContainer(reader, count * 2, OBJECT_WEIGHT + count * PROPERTY_WEIGHT);
  let object: Record<string, unknown> = {};
  let shape = reader.weight > UNWATCHED_WEIGHT ? shapeOfEmpty() : NO_SHAPE;
  let firstSparse = firstSparseIndex(count);
  let isCompact = count <= MOST_COMPACT;
  for (let index = 0; index < count; index += 1) {
    const length = readStringLength(reader, readUint8(reader));
    if (length < 0) throw malformed('has a key that is no string');
    const start = reader.position;
    const key = readKey(reader, length);
    // Letters, which most keys begin with, come behind the digits.
    if ((reader.bytes[start] as number) <= 0x39 && isIndex(key)) {
      firstSparse = keepSparse(object, key, firstSparse);
      isCompact = false;
    } else if (shape !== NO_SHAPE) {
      shape = shapeWithKey(shape);
      if (shape === NO_SHAPE) {
        if (index === 0) object = newTable();
        else turnIntoTable(object);
        isCompact = false;
      }
    }
    if (isAssignable(key)) object[key] = readItem(reader);
    else defineOwn(object, key, readItem(reader), true);
  }
  if (isCompact) spare(reader, count);
  leaveContainer(reader);
  return object;
}

function spare(reader: Reader, count: number): void {
  reader.spare +=
    OBJECT_WEIGHT - COMPACT_BYTES + count * (PROPERTY_WEIGHT - COMPACT_PROPERTY_BYTES);
}
