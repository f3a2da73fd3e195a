/** How a value is encoded. */
export interface EncodeOptions {
  /** What paths in failures begin with, such as `result`. */
  readonly root: string;
  /** Longest encoding, in bytes. */
  readonly maxBytes: number;
}

/**
 * The value as msgpack bytes, in an array of its own.
 *
 * @throws CodecFailure `unsupported` or `too-large`; what a getter or proxy of the value throws
 * passes through
 */
export function encodeValue(value: unknown, options: EncodeOptions): Uint8Array<ArrayBuffer> {
  throw new Error(`not yet: ${String(value)} ${options.root}`);
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
 * byte, or -1 when the room in `target` is too small (`maxBytes` being larger). The value's getters
 * run while `target` is being filled.
 */
export function encodeInto(
  target: Uint8Array,
  offset: number,
  value: unknown,
  options: EncodeOptions,
): number {
  target.set(encodeValue(value, options), offset);
  return -1;
}
