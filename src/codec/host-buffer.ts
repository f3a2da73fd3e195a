/** What Node's Buffer does faster than code of ours can; absent in an isolate. */
export interface HostBuffer {
  /** To know a Buffer, the one subclass of Uint8Array that crosses. */
  readonly prototype: object;
  allocate(length: number): Uint8Array<ArrayBuffer>;
  byteLength(text: string): number;
  writeUtf8(bytes: Uint8Array, text: string, at: number, length: number): number;
  readUtf8(bytes: Uint8Array, start: number, end: number): string;
}

export const hostBuffer: HostBuffer | undefined = findHostBuffer();

function findHostBuffer(): HostBuffer | undefined {
  if (typeof Buffer !== 'function') return undefined;
  const prototype = Buffer.prototype as Buffer & {
    utf8Write(this: Uint8Array, text: string, at: number, length: number): number;
    utf8Slice(this: Uint8Array, start: number, end: number): string;
  };
  // Node keeps these two for its own use; where they are gone, the code of ours does.
  const { utf8Write, utf8Slice } = prototype;
  if (typeof utf8Write !== 'function' || typeof utf8Slice !== 'function') return undefined;
  return {
    prototype,
    allocate: (length) => Buffer.allocUnsafe(length),
    byteLength: (text) => Buffer.byteLength(text),
    writeUtf8: (bytes, text, at, length) => utf8Write.call(bytes, text, at, length),
    readUtf8: (bytes, start, end) => utf8Slice.call(bytes, start, end),
  };
}
