/** Msgpack put together by hand, for what no encoder writes. */

/** Array, map or str of 32 bits: the form that can claim the most. */
export function header(tag: 0xdb | 0xdd | 0xdf, count: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes[0] = tag;
  bytes.writeUInt32BE(count, 1);
  return bytes;
}

export function array(count: number, items: Uint8Array): Buffer {
  return Buffer.concat([header(0xdd, count), items]);
}

export function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  const short = bytes.length < 32 ? Buffer.of(0xa0 | bytes.length) : header(0xdb, bytes.length);
  return Buffer.concat([short, bytes]);
}

export function ext(type: number, payload: Uint8Array): Buffer {
  const bytes = Buffer.alloc(6);
  bytes[0] = 0xc9;
  bytes.writeUInt32BE(payload.length, 1);
  bytes[5] = type;
  return Buffer.concat([bytes, payload]);
}

/** `part` so often that it makes about `bytes` bytes, and how often that is. */
export function repeated(part: Uint8Array, bytes: number): [count: number, all: Buffer] {
  const count = Math.max(1, Math.floor(bytes / part.length));
  return [count, Buffer.alloc(count * part.length, part)];
}

/** So many parts, each made by `make` of its number, until they have about `bytes` bytes. */
export function gathered(
  make: (index: number) => Uint8Array,
  bytes: number,
): [count: number, all: Buffer] {
  const parts: Uint8Array[] = [];
  for (let length = 0; length < bytes; length += parts.at(-1)?.length ?? 1) {
    parts.push(make(parts.length));
  }
  return [parts.length, Buffer.concat(parts)];
}
