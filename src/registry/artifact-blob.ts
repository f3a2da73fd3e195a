/**
 * Artifacts as the registry stores them: one byte that says the format, so that an older scatter can
 * tell a newer artifact from a broken one, then a msgpack record compressed with zstd.
 */
import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { constants, zstdCompressSync, zstdDecompress, zstdDecompressSync } from 'node:zlib';
import { Packr, Unpackr } from 'msgpackr';
import { ScatterError } from '../errors.ts';
import { ARTIFACT_FORMAT, type Artifact, MAX_LINKS, MAX_REQUIRES } from '../model/artifact.ts';
import { isPlainRecord, MAX_RECORD_VALUES } from './record-scan.ts';
import { readArtifact } from './record-shape.ts';

/** Largest artifact before compression, in bytes: 64 MiB. */
export const MAX_ARTIFACT_BYTES = 64 * 1024 * 1024;

// What our own compression level needs is below 2^22; this bounds what hostile bytes can ask for.
const MAX_WINDOW_LOG = 24;

const INFLATION = {
  params: { [constants.ZSTD_d_windowLogMax]: MAX_WINDOW_LOG },
  maxOutputLength: MAX_ARTIFACT_BYTES,
};

/** What is hashed in one go, in UTF-16 units; it takes a few ms. */
const PART_LENGTH = 1024 * 1024;

const zstdDecompressLater = promisify(zstdDecompress);

export interface EncodedArtifact {
  /** sha-256 over `format`, `code`, `links` and `requires`, 64 hex digits. */
  readonly digest: string;
  readonly blob: Uint8Array;
  /** Size before compression, in bytes. */
  readonly bytes: number;
}

/**
 * @throws ScatterError `SOURCE_INVALID` for text with half a surrogate pair, `VALUE_TOO_LARGE` over
 *   64 MiB, 1000 links or 1000 capabilities
 */
export function encodeArtifact(artifact: Artifact): EncodedArtifact {
  checkText(artifact);
  checkCounts(artifact);
  const record = packRecord(artifact);
  if (record.byteLength > MAX_ARTIFACT_BYTES || !isPlainRecord(record)) {
    throw new ScatterError(
      'SCATTER_ERR_VALUE_TOO_LARGE',
      `the artifact has ${record.byteLength} bytes; at most ${MAX_ARTIFACT_BYTES} bytes and ` +
        `${MAX_RECORD_VALUES} values can be stored: capture less, or pass large data as an argument`,
    );
  }
  const blob = Buffer.concat([Uint8Array.of(artifact.format), zstdCompressSync(record)]);
  return { digest: artifactDigest(artifact), blob, bytes: record.byteLength };
}

/**
 * Reads a stored artifact; the bytes are not trusted.
 *
 * @param digest what the version record says the artifact's digest is
 * @throws ScatterError `FORMAT_UNSUPPORTED` for a newer format, `REGISTRY_CORRUPT` for bytes that are
 *   no artifact or not the one of that digest
 */
export function decodeArtifact(blob: Uint8Array, digest: string): Artifact {
  const format = knownFormat(blob, digest);
  const artifact = readRecord(decompress(blob, digest), digest);
  return checked(artifact, { digest, format, actual: artifactDigest(artifact) });
}

/**
 * The same for a program that goes on meanwhile: of the largest artifacts, only their text is made in one
 * go, and not their digest.
 */
export async function decodeArtifactInSteps(blob: Uint8Array, digest: string): Promise<Artifact> {
  const format = knownFormat(blob, digest);
  const inflated = zstdDecompressLater(blob.subarray(1), INFLATION);
  const record = await inflated.catch((cause) => Promise.reject(notPacked(digest, cause)));
  const artifact = readRecord(record, digest);
  const hash = createHash('sha256');
  for (const part of canonicalText(artifact)) {
    hash.update(part);
    if (part.length >= PART_LENGTH) await turn();
  }
  return checked(artifact, { digest, format, actual: hash.digest('hex') });
}

function artifactDigest(artifact: Artifact): string {
  const hash = createHash('sha256');
  for (const part of canonicalText(artifact)) hash.update(part);
  return hash.digest('hex');
}

/**
 * `[format,code,links,requires]` as JSON, in parts. It has one spelling for this: no objects, so no order of
 * keys. The order of `links` has a meaning; `requires` is a set.
 */
function* canonicalText({ format, code, links, requires }: Artifact): Generator<string> {
  yield `[${format},"`;
  for (let start = 0; start < code.length; ) {
    let end = start + PART_LENGTH;
    // Both halves of a surrogate pair stay in one part.
    if ((code.charCodeAt(end - 1) & 0xfc00) === 0xd800) end += 1;
    yield JSON.stringify(code.slice(start, end)).slice(1, -1);
    start = end;
  }
  yield `",${JSON.stringify(links)},${JSON.stringify([...requires].sort())}]`;
}

function knownFormat(blob: Uint8Array, digest: string): number {
  const format = blob[0] ?? 0;
  if (format > ARTIFACT_FORMAT) throw newerFormat(format, digest);
  return format;
}

function readRecord(record: Uint8Array, digest: string): Artifact {
  if (!isPlainRecord(record)) throw corrupt(digest, 'it holds msgpack that no artifact is made of');
  const artifact = readArtifact(unpackRecord(record, digest));
  if (typeof artifact === 'string') throw corrupt(digest, artifact);
  return artifact;
}

function checked(
  artifact: Artifact,
  { digest, format, actual }: { digest: string; format: number; actual: string },
): Artifact {
  if (artifact.format !== format) throw corrupt(digest, 'it states two formats');
  if (actual !== digest) throw corrupt(digest, `its content has the digest ${actual}`);
  return artifact;
}

function checkText({ code, links, requires, origin }: Artifact): void {
  const captured = origin.captured.flatMap(({ name, usedBy, kind }) => [name, usedBy, kind]);
  for (const text of [code, ...links, ...requires, origin.source, origin.map, ...captured]) {
    if (text.isWellFormed()) continue;
    const shown = JSON.stringify(text.slice(0, 60));
    throw new ScatterError(
      'SCATTER_ERR_SOURCE_INVALID',
      `an artifact cannot hold half a surrogate pair, which is in the text ${shown}; write it as ` +
        'an escape such as \\ud800',
    );
  }
}

function checkCounts({ links, requires }: Artifact): void {
  if (links.length <= MAX_LINKS && requires.length <= MAX_REQUIRES) return;
  throw new ScatterError(
    'SCATTER_ERR_VALUE_TOO_LARGE',
    `the function calls ${links.length} others through handles and needs ${requires.length} capabilities; ` +
      `at most ${MAX_LINKS} and ${MAX_REQUIRES} are possible: look for a list of all there are, and pass names instead`,
  );
}

// Only the fields of an artifact, so that what a caller's object has beside them does not travel.
function packRecord({ format, code, links, requires, origin }: Artifact): Uint8Array {
  const captured = origin.captured.map(({ name, usedBy, kind, bytes }) => {
    return { name, usedBy, kind, bytes };
  });
  const packr = new Packr({ useRecords: false });
  const { source, map } = origin;
  return packr.pack({ format, code, links, requires, origin: { source, map, captured } });
}

function unpackRecord(record: Uint8Array, digest: string): unknown {
  try {
    return new Unpackr({ useRecords: false, mapsAsObjects: true }).unpack(record);
  } catch (cause) {
    throw corrupt(digest, 'its msgpack does not decode', cause);
  }
}

function decompress(blob: Uint8Array, digest: string): Uint8Array {
  try {
    return zstdDecompressSync(blob.subarray(1), INFLATION);
  } catch (cause) {
    throw notPacked(digest, cause);
  }
}

function notPacked(digest: string, cause: unknown): ScatterError {
  return corrupt(digest, 'it does not decompress', cause);
}

function newerFormat(format: number, digest: string): ScatterError {
  return new ScatterError(
    'SCATTER_ERR_FORMAT_UNSUPPORTED',
    `the artifact ${digest} has format ${format} and this scatter reads up to ${ARTIFACT_FORMAT}; ` +
      'update scatter-fn here',
  );
}

function corrupt(digest: string, trouble: string, cause?: unknown): ScatterError {
  return new ScatterError(
    'SCATTER_ERR_REGISTRY_CORRUPT',
    `the artifact stored as ${digest} is not what was pushed: ${trouble}; push the function again ` +
      'and check the store it is in',
    { cause },
  );
}
