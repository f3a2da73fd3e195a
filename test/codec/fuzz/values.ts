import type { Random } from './random.ts';
import { randomKey, randomText } from './texts.ts';

/** Values that may still be made for one frame, and how deep. */
interface Room {
  values: number;
  depth: number;
}

type Maker = (random: Random, room: Room) => unknown;

const EDGES = [0, -0, 127, 128, 255, 256, 65_535, 65_536, 2 ** 31, 2 ** 32, -32, -33, -128, -129];
const SCALARS = [null, undefined, true, false, Number.NaN, Infinity, -Infinity, ...EDGES];
const ERRORS = [Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError];
const TYPED_ARRAYS = [
  Uint8Array,
  Int8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float16Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
];
const LEAVES: readonly Maker[] = [
  (random) => random.pick(SCALARS),
  (random) => random.next() - 2 ** random.below(33),
  (random) => randomText(random),
  (random) => randomText(random),
  (random) => random.bytes(8).readDoubleLE(),
  (random) => new Date(random.oneIn(9) ? Number.NaN : random.next() * 1000),
  (random) => BigInt(random.next() - 2 ** 31) ** BigInt(random.length(random.oneIn(50) ? 400 : 9)),
  (random) => new Uint8Array(random.bytes(random.length(300))).buffer,
  randomTypedArray,
];
const CONTAINERS: readonly Maker[] = [randomArray, randomObject, randomMap, randomSet, randomError];

/** A value of any types that cross, mostly small. */
export function randomValue(random: Random): unknown {
  const isLarge = random.oneIn(40);
  const room = { values: isLarge ? 3000 : 30, depth: random.oneIn(30) ? 200 : 6 };
  return randomContainer(random, room);
}

function randomContainer(random: Random, room: Room): unknown {
  return random.pick(CONTAINERS)(random, room);
}

function randomAny(random: Random, room: Room): unknown {
  room.values -= 1;
  if (room.depth <= 0 || room.values <= 0 || random.oneIn(2)) {
    return random.pick(LEAVES)(random, room);
  }
  return randomContainer(random, room);
}

/** So many values, made by `make` one level deeper. */
function many<T>(random: Random, room: Room, make: () => T): T[] {
  const count = Math.min(random.length(room.values > 300 ? 1200 : 20), room.values);
  room.depth -= 1;
  const made = Array.from({ length: Math.max(0, count) }, make);
  room.depth += 1;
  return made;
}

function randomArray(random: Random, room: Room): unknown[] {
  return many(random, room, () => randomAny(random, room));
}

function randomObject(random: Random, room: Room): object {
  return Object.fromEntries(
    many(random, room, () => [randomKey(random), randomAny(random, room)] as const),
  );
}

function randomMap(random: Random, room: Room): object {
  const key = keyMaker(random, room);
  return new Map(many(random, room, () => [key(), randomAny(random, room)] as const));
}

function randomSet(random: Random, room: Room): object {
  return new Set(many(random, room, keyMaker(random, room)));
}

/** Keys of all kinds, or such as V8 puts into few places of its tables. */
function keyMaker(random: Random, room: Room): () => unknown {
  const base = random.next();
  return random.pick<() => unknown>([
    () => randomAny(random, room),
    () => randomText(random),
    () => (BigInt(random.next()) << 64n) + 5n,
    () => base + random.next() * 2 ** 32,
    () => String(random.below(4096) * 4096),
  ]);
}

function randomError(random: Random, room: Room): Error {
  const message = randomText(random);
  const error = random.oneIn(8)
    ? new AggregateError(randomArray(random, room), message)
    : new (random.pick(ERRORS))(message);
  if (random.oneIn(6)) error.name = randomText(random);
  room.depth -= 1;
  if (random.oneIn(3)) error.cause = randomAny(random, room);
  room.depth += 1;
  for (const [key, value] of Object.entries(random.oneIn(2) ? randomObject(random, room) : {})) {
    // Assigning `__proto__` would be no field.
    const options = { value, writable: true, enumerable: true, configurable: true };
    if (key !== 'message') Object.defineProperty(error, key, options);
  }
  return error;
}

function randomTypedArray(random: Random): object {
  const construct = random.pick(TYPED_ARRAYS);
  const length = random.length(60);
  const buffer = new Uint8Array(random.bytes(length * construct.BYTES_PER_ELEMENT)).buffer;
  return new construct(buffer);
}
