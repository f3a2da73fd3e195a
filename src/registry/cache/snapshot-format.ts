/**
 * A snapshot as a file: one byte that says the format, the length of the contents (4 bytes, big-endian),
 * the contents (JSON, compressed with zstd), the artifacts as they are stored, and the sha-256 of all that.
 */
import { createHash } from 'node:crypto';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { VersionInfo } from '../../model/version.ts';
import { fieldsOf, isCount, isText, readAll } from '../plain-values.ts';
import type { FunctionRecord, Head } from '../registry.ts';
import {
  isDigest,
  plainHead,
  plainInfo,
  plainRecord,
  readHead,
  readInfo,
  readRecord,
} from './kept.ts';

const FORMAT = 1;
const PREFIX_BYTES = 5;
const HASH_BYTES = 32;

/** Largest snapshot, in bytes: 512 MiB. */
export const MAX_SNAPSHOT_BYTES = 512 * 1024 * 1024;

// The contents without the artifacts; what our own compression level needs is below 2^22.
const MAX_CONTENT_BYTES = 64 * 1024 * 1024;
const MAX_WINDOW_LOG = 24;

/** What a snapshot holds beside the artifacts. */
export interface SnapshotContent {
  readonly namespace: string;
  readonly head: Head;
  readonly functions: readonly FunctionRecord[];
  readonly versions: readonly VersionInfo[];
}

/** Where an artifact stands in the file, in bytes. */
export interface Span {
  readonly start: number;
  readonly bytes: number;
}

export interface ReadSnapshot extends SnapshotContent {
  readonly artifacts: ReadonlyMap<string, Span>;
}

export function encodeSnapshot(
  content: SnapshotContent,
  artifacts: ReadonlyMap<string, Uint8Array>,
): Buffer {
  const { namespace, head, functions, versions } = content;
  const packed = zstdCompressSync(
    JSON.stringify({
      namespace,
      head: plainHead(head),
      functions: functions.map(plainRecord),
      versions: versions.map(plainInfo),
      artifacts: [...artifacts].map(([digest, blob]) => ({ digest, bytes: blob.byteLength })),
    }),
  );
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt8(FORMAT, 0);
  prefix.writeUInt32BE(packed.byteLength, 1);
  const body = Buffer.concat([prefix, packed, ...artifacts.values()]);
  return Buffer.concat([body, sha256(body)]);
}

/**
 * Reads all but the artifacts; the bytes are not trusted.
 *
 * @throws Error that says in a few words what is wrong
 */
export function decodeSnapshot(file: Buffer): ReadSnapshot {
  if (file.byteLength < PREFIX_BYTES + HASH_BYTES)
    throw new Error('it is too short for a snapshot');
  const format = file.readUInt8(0);
  if (format !== FORMAT) {
    throw new Error(`it is no snapshot, or one of a newer scatter (its first byte is ${format})`);
  }
  const end = file.byteLength - HASH_BYTES;
  if (!sha256(file.subarray(0, end)).equals(file.subarray(end))) {
    throw new Error('it is not as it was written: its sha-256 differs');
  }
  const start = PREFIX_BYTES + file.readUInt32BE(1);
  if (start > end) throw new Error('its contents are longer than the file');
  return readContent(decompress(file.subarray(PREFIX_BYTES, start)), { start, bytes: end - start });
}

function readContent(text: string, room: Span): ReadSnapshot {
  const fields = fieldsOf(JSON.parse(text)) ?? {};
  const { namespace } = fields;
  const head = readHead(fields['head']);
  const functions = readAll(fields['functions'], readRecord);
  const versions = readAll(fields['versions'], readInfo);
  const artifacts = readAll(fields['artifacts'], readSize);
  if (!isText(namespace) || head === undefined) throw new Error('it does not say what it is of');
  if (functions === undefined) throw new Error('it holds something else than functions');
  if (versions === undefined) throw new Error('it holds something else than versions');
  if (artifacts === undefined) throw new Error('it holds something else than artifacts');
  return { namespace, head, functions, versions, artifacts: placeArtifacts(artifacts, room) };
}

function readSize(value: unknown): { digest: string; bytes: number } | undefined {
  const { digest, bytes } = fieldsOf(value) ?? {};
  return isDigest(digest) && isCount(bytes) ? { digest, bytes } : undefined;
}

function placeArtifacts(
  sizes: readonly { readonly digest: string; readonly bytes: number }[],
  room: Span,
): Map<string, Span> {
  let { start } = room;
  const spans = new Map<string, Span>();
  for (const { digest, bytes } of sizes) {
    spans.set(digest, { start, bytes });
    start += bytes;
  }
  if (start !== room.start + room.bytes) throw new Error('its artifacts do not fill the file');
  return spans;
}

function decompress(packed: Uint8Array): string {
  const params = { [constants.ZSTD_d_windowLogMax]: MAX_WINDOW_LOG };
  return zstdDecompressSync(packed, { params, maxOutputLength: MAX_CONTENT_BYTES }).toString();
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
