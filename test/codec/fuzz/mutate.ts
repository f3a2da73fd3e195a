import { hostileSeed } from './hostile-seeds.ts';
import type { Random } from './random.ts';

/** `other`: a frame of the same kind, to take parts of. */
type Mutator = (bytes: Buffer, random: Random, other: () => Buffer) => Buffer;

const EXTREMES = [0, 1, 0x7f, 0x80, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];
const EXT_TAGS: readonly number[] = [0xc7, 0xc8, 0xc9, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8];
const EXT_TYPES = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 16, 18, 25, 26, 27, 0x62, 0x65, 0x69, 0x70, 0x72, 255,
];
const MOST_BYTES = 128 * 1024;

const MUTATORS: readonly Mutator[] = [
  flipBit,
  setByte,
  setTag,
  setTag,
  (bytes, random) => replace(bytes, random.below(bytes.length + 1), 0, random.bytes(1)),
  (bytes, random) => replace(bytes, random.below(bytes.length), 1 + random.length(8), EMPTY),
  (bytes, random) => bytes.subarray(0, random.below(bytes.length)),
  (bytes, random) => replace(bytes, random.below(bytes.length), 0, slice(bytes, random)),
  splice,
  splice,
  setLength,
  setLength,
  swapBytes,
  repeat,
  (bytes, random) => Buffer.concat([bytes, random.bytes(1 + random.length(9))]),
  setExtType,
  setExtType,
  (bytes, random) => replace(bytes, random.below(bytes.length + 1), 0, hostileSeed(random)),
  wrap,
];
const EMPTY = Buffer.alloc(0);

/** A few changes, one after the other. `bytes` itself stays as it is. */
export function mutate(bytes: Buffer, random: Random, other: () => Buffer): Buffer {
  let mutated = Buffer.from(bytes);
  for (let count = 1 + random.length(6); count > 0; count -= 1) {
    if (mutated.length === 0) return mutated;
    mutated = Buffer.from(random.pick(MUTATORS)(mutated, random, other).subarray(0, MOST_BYTES));
  }
  return mutated;
}

function replace(bytes: Buffer, at: number, count: number, by: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), by, bytes.subarray(at + count)]);
}

function slice(bytes: Buffer, random: Random): Buffer {
  const start = random.below(bytes.length);
  return bytes.subarray(start, start + 1 + random.length(64));
}

function flipBit(bytes: Buffer, random: Random): Buffer {
  const at = random.below(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
  return bytes;
}

function setByte(bytes: Buffer, random: Random): Buffer {
  bytes[random.below(bytes.length)] = random.next();
  return bytes;
}

function setTag(bytes: Buffer, random: Random): Buffer {
  bytes[random.below(bytes.length)] = 0xc0 + random.below(32);
  return bytes;
}

function splice(bytes: Buffer, random: Random, other: () => Buffer): Buffer {
  const donor = other();
  if (donor.length === 0) return bytes;
  return replace(bytes, random.below(bytes.length), random.length(16), slice(donor, random));
}

/** Writes an extreme number, of either order of bytes, where a length may be. */
function setLength(bytes: Buffer, random: Random): Buffer {
  const number = Buffer.alloc(4);
  if (random.oneIn(2)) number.writeUInt32BE(random.pick(EXTREMES));
  else number.writeUInt32LE(random.pick(EXTREMES));
  const width = random.pick([1, 2, 4]);
  return replace(bytes, random.below(bytes.length), width, number.subarray(4 - width));
}

function swapBytes(bytes: Buffer, random: Random): Buffer {
  const one = random.below(bytes.length);
  const two = random.below(bytes.length);
  const kept = bytes[one] ?? 0;
  bytes[one] = bytes[two] ?? 0;
  bytes[two] = kept;
  return bytes;
}

function repeat(bytes: Buffer, random: Random): Buffer {
  const part = slice(bytes, random);
  const times = 1 + random.length(2000);
  const all = Buffer.concat(Array<Buffer>(times).fill(part), Math.min(times * part.length, 65_536));
  return replace(bytes, random.below(bytes.length), 0, all);
}

function setExtType(bytes: Buffer, random: Random): Buffer {
  const from = random.below(bytes.length);
  const at = bytes.findIndex((byte, index) => index >= from && EXT_TAGS.includes(byte));
  if (at < 0) return bytes;
  const width = [1, 2, 4][(bytes[at] ?? 0) - 0xc7] ?? 0;
  if (at + 1 + width < bytes.length) bytes[at + 1 + width] = random.pick(EXT_TYPES);
  return bytes;
}

/** Puts containers of one around it, at times more than are allowed. */
function wrap(bytes: Buffer, random: Random): Buffer {
  const layer = random.pick([Buffer.of(0x91), Buffer.of(0x81, 0xa1, 0x61), Buffer.of(0x92, 1)]);
  const depth = random.pick([1, 2, 16, 990, 1010]);
  return Buffer.concat([...Array<Buffer>(depth).fill(layer), bytes]);
}
