import { brandOf, classNameOf } from './brand.ts';
import { CodecFailure } from './codec-failure.ts';
import { ArrayIsArray, MathMin, StringOf, StringPrototypeSlice } from './primordials.ts';
import { isIdentifier, quoteText } from './value-text.ts';
import { MAX_DEPTH, MAX_WEIGHT } from './wire.ts';
import type { Writer } from './writer.ts';

const MAX_KEY_SHOWN = 100;
const MAX_SEGMENTS_SHOWN = 40;

/** The failure for a value that cannot cross, at the writer's place. */
export function unsupportedFailure(writer: Writer, value: unknown): CodecFailure {
  return new CodecFailure('unsupported', pathOf(writer, writer.depth), describeUnsupported(value));
}

/** The failure for an object that only looks like something that crosses. */
export function brokenFailure(writer: Writer, reason: string): CodecFailure {
  return new CodecFailure('unsupported', pathOf(writer, writer.depth), reason);
}

/** The failure for nesting past the limit, of which a cycle is the usual cause. */
export function depthFailure(writer: Writer): CodecFailure {
  const reason = `is nested deeper than ${MAX_DEPTH} levels; pass a flatter value`;
  return (
    cycleFailure(writer) ??
    new CodecFailure('unsupported', pathOf(writer, MAX_SEGMENTS_SHOWN), reason)
  );
}

/** Counts towards MAX_WEIGHT, as the reader does. @throws CodecFailure */
export function countWritten(writer: Writer, weight: number): void {
  writer.weight += weight;
  if (writer.weight > MAX_WEIGHT) throw sizeFailure(writer, 'objects');
}

/** The failure for too many objects or bytes; a cycle may be behind these too. */
export function sizeFailure(writer: Writer, what: 'bytes' | 'objects'): CodecFailure {
  const reason =
    what === 'bytes'
      ? `is over the limit of ${writer.maxBytes} bytes; pass less, or raise the limit`
      : `has too many objects: they would take more than ${MAX_WEIGHT} bytes of memory; pass less`;
  return cycleFailure(writer) ?? new CodecFailure('too-large', writer.root, reason);
}

function cycleFailure(writer: Writer): CodecFailure | undefined {
  const { parents, depth } = writer;
  for (let inner = 1; inner < depth; inner += 1) {
    for (let outer = 0; outer < inner; outer += 1) {
      if (parents[inner] !== parents[outer]) continue;
      const reason = `is a cycle: it contains ${pathOf(writer, outer)}; pass data without cycles`;
      return new CodecFailure('unsupported', pathOf(writer, inner), reason);
    }
  }
  return undefined;
}

function describeUnsupported(value: unknown): string {
  if (typeof value === 'function') return 'is a function; only data crosses, pass its result';
  if (typeof value === 'symbol') return 'is a symbol; only data crosses, pass a string';
  const name = classNameOf(value as object);
  if (name === 'Promise') return 'is a Promise; await it first';
  const shown = name === '' ? 'a class' : StringPrototypeSlice(name, 0, MAX_KEY_SHOWN);
  return `is an instance of ${shown}; only plain data crosses, pass { ...it } or its parts`;
}

/** The way to the value at `depth`: the root, then the key in each container above it. */
function pathOf(writer: Writer, depth: number): string {
  let path = writer.root;
  const shown = MathMin(depth, MAX_SEGMENTS_SHOWN);
  for (let level = 0; level < shown; level += 1) {
    path += segment(writer.parents[level] as object, writer.keys[level] as string | number);
  }
  return depth > shown ? `${path}…` : path;
}

function segment(parent: object, key: string | number): string {
  if (typeof key === 'string')
    return isIdentifier(key) ? `.${key}` : `[${quoteText(key, MAX_KEY_SHOWN)}]`;
  if (ArrayIsArray(parent)) return `[${StringOf(key)}]`;
  if (brandOf(parent) === 'Set') return `.values()[${StringOf(key)}]`;
  return key % 2 === 0 ? `.keys()[${StringOf(key / 2)}]` : `.values()[${StringOf((key - 1) / 2)}]`;
}
