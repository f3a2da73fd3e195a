import { hostBuffer } from './host-buffer.ts';
import { newArray } from './own-property.ts';
import { MathMax, MathMin, TypedArrayPrototypeSet, Uint8ArrayConstructor } from './primordials.ts';
import { viewOf } from './typed-arrays.ts';
import { MAX_DEPTH } from './wire.ts';

const INITIAL_BYTES = 16 * 1024;
// A buffer that has grown past this is not kept for the next value.
export const KEEP_BYTES = 256 * 1024;

/**
 * Where an encoding stands. Every field is there from the beginning, so that assigning to one never
 * looks at a prototype.
 */
export interface Writer {
  /** What is written to: `own`, or the caller's target. */
  bytes: Uint8Array;
  /** How far `bytes` can be written. */
  capacity: number;
  position: number;
  /** How far `maxBytes` allows to write. */
  limit: number;
  maxBytes: number;
  /** What paths in failures begin with. */
  root: string;
  /** Containers around the current value, and the key in each of them that leads to it. */
  readonly parents: unknown[];
  readonly keys: unknown[];
  depth: number;
  /** Of the objects so far, in the sense of MAX_WEIGHT. */
  weight: number;
  own: Uint8Array<ArrayBuffer>;
  ownLength: number;
}

/** Why {@link reserve} gave up; the encoder turns it into a failure or, for `full`, into -1. */
export interface Overflow {
  readonly full: boolean;
}

/** The target is too small. */
export const TARGET_FULL: Overflow = { full: true };
/** The value is larger than allowed. */
export const OVER_LIMIT: Overflow = { full: false };

// Undefined while in use: a getter of the value being encoded may call the encoder again.
let idleWriter: Writer | undefined = createWriter();

/** A writer at position 0 of a buffer of its own, which grows. */
export function takeWriter(root: string, maxBytes: number): Writer {
  const writer = idleWriter ?? createWriter();
  idleWriter = undefined;
  writer.root = root;
  writer.maxBytes = maxBytes;
  writer.limit = maxBytes;
  writer.position = 0;
  writer.weight = 0;
  writer.capacity = MathMin(writer.ownLength, maxBytes);
  return writer;
}

/** Lets the writer write to `target`, which has `length` bytes, from `offset` on. */
export function aimWriter(
  writer: Writer,
  target: Uint8Array,
  offset: number,
  length: number,
): Writer {
  writer.bytes = target;
  writer.position = offset;
  writer.limit = offset + writer.maxBytes;
  writer.capacity = MathMin(length, writer.limit);
  return writer;
}

/** Hands a writer back, without a trace of the value. */
export function releaseWriter(writer: Writer): void {
  for (; writer.depth > 0; writer.depth -= 1) {
    writer.parents[writer.depth - 1] = undefined;
    writer.keys[writer.depth - 1] = undefined;
  }
  if (writer.ownLength > KEEP_BYTES) {
    writer.ownLength = INITIAL_BYTES;
    writer.own = new Uint8ArrayConstructor(INITIAL_BYTES);
  }
  writer.bytes = writer.own;
  idleWriter = writer;
}

/** Makes sure that `count` more bytes can be written. @throws Overflow */
export function reserve(writer: Writer, count: number): void {
  if (writer.position + count > writer.capacity) makeRoom(writer, writer.position + count);
}

function makeRoom(writer: Writer, needed: number): void {
  if (needed > writer.limit) throw OVER_LIMIT;
  if (writer.bytes !== writer.own) throw TARGET_FULL;
  if (needed > writer.ownLength) {
    const length = MathMin(MathMax(needed, writer.ownLength * 2), writer.limit);
    const larger = hostBuffer?.allocate(length) ?? new Uint8ArrayConstructor(length);
    TypedArrayPrototypeSet(larger, viewOf(writer.own, 0, writer.position), 0);
    writer.own = larger;
    writer.bytes = larger;
    writer.ownLength = length;
  }
  writer.capacity = MathMin(writer.ownLength, writer.limit);
}

function createWriter(): Writer {
  const own = new Uint8ArrayConstructor(INITIAL_BYTES);
  return {
    bytes: own,
    capacity: 0,
    position: 0,
    limit: 0,
    maxBytes: 0,
    root: '',
    parents: newArray(MAX_DEPTH),
    keys: newArray(MAX_DEPTH),
    depth: 0,
    weight: 0,
    own,
    ownLength: INITIAL_BYTES,
  };
}
