import { encodeAny } from './encode-any.ts';
import { sizeFailure } from './encode-failure.ts';
import { hostBuffer } from './host-buffer.ts';
import {
  TypedArrayPrototypeGetLength,
  TypedArrayPrototypeSet,
  Uint8ArrayConstructor,
} from './primordials.ts';
import { viewOf } from './typed-arrays.ts';
import {
  aimWriter,
  KEEP_BYTES,
  OVER_LIMIT,
  releaseWriter,
  TARGET_FULL,
  takeWriter,
  type Writer,
} from './writer.ts';

/** How a value is encoded. */
export interface EncodeOptions {
  /** What paths in failures begin with, such as `result`. */
  readonly root: string;
  /** Longest encoding, in bytes. */
  readonly maxBytes: number;
}

/**
 * The value as msgpack bytes, which are the caller's to keep. The buffer behind them may be larger.
 *
 * @throws CodecFailure `unsupported` or `too-large`; what a getter or proxy of the value throws
 * passes through
 */
export function encodeValue(value: unknown, options: EncodeOptions): Uint8Array<ArrayBuffer> {
  const writer = takeWriter(options.root, options.maxBytes);
  try {
    runEncoder(writer, value);
    const { position } = writer;
    // So large a buffer is not used again, see releaseWriter.
    if (position > KEEP_BYTES) return viewOf(writer.own, 0, position);
    const result = hostBuffer?.allocate(position) ?? new Uint8ArrayConstructor(position);
    TypedArrayPrototypeSet(result, viewOf(writer.bytes, 0, position), 0);
    return result;
  } finally {
    releaseWriter(writer);
  }
}

/** {@link encodeValue} for a list of arguments: an array, with paths `args[0]…`. */
export function encodeArguments(
  args: readonly unknown[],
  options: { readonly maxBytes: number },
): Uint8Array<ArrayBuffer> {
  return encodeValue(args, { root: 'args', maxBytes: options.maxBytes });
}

/**
 * Encodes into `target` from `offset` on, without a copy, and returns the offset behind the last
 * byte, or -1 when the encoding, though not over `maxBytes`, does not fit. What lies behind
 * `offset` is then undefined. Getters of the value run while `target` is being filled.
 *
 * @throws CodecFailure as {@link encodeValue}
 */
export function encodeInto(
  target: Uint8Array,
  offset: number,
  value: unknown,
  options: EncodeOptions,
): number {
  const writer = takeWriter(options.root, options.maxBytes);
  try {
    aimWriter(writer, target, offset, TypedArrayPrototypeGetLength(target));
    runEncoder(writer, value);
    return writer.position;
  } catch (error) {
    if (error === TARGET_FULL) return -1;
    throw error;
  } finally {
    releaseWriter(writer);
  }
}

function runEncoder(writer: Writer, value: unknown): void {
  try {
    encodeAny(writer, value);
  } catch (error) {
    throw error === OVER_LIMIT ? sizeFailure(writer, 'bytes') : error;
  }
}
