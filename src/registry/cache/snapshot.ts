import { open, readFile, stat } from 'node:fs/promises';
import { ScatterError } from '../../errors.ts';
import type { VersionInfo } from '../../model/version.ts';
import { decodeArtifact } from '../artifact-blob.ts';
import type { FunctionRecord, Head } from '../registry.ts';
import type { CacheTrouble } from './cache-trouble.ts';
import type { KeptFunction, KeptSource } from './kept.ts';
import { replaceFile } from './private-files.ts';
import {
  decodeSnapshot,
  encodeSnapshot,
  MAX_SNAPSHOT_BYTES,
  type ReadSnapshot,
  type Span,
} from './snapshot-format.ts';
import type { TakenSnapshot } from './take-snapshot.ts';

/**
 * Reads a file that `scatter snapshot` made; artifacts are read from it when they are needed.
 *
 * @throws ScatterError `CONFIG_INVALID` if it is not there, damaged, or of another namespace
 */
export async function openSnapshot(
  path: string,
  namespace: string,
  trouble: CacheTrouble,
): Promise<KeptSource> {
  const content = await readSnapshot(path);
  if (content.namespace === namespace) return new Snapshot(path, content, trouble);
  throw invalid(path, `it is of the namespace \`${content.namespace}\`, and not \`${namespace}\``);
}

/**
 * Makes such a file, whole or not at all; whoever may read what else this user makes may read it.
 *
 * @returns its size in bytes
 * @throws ScatterError `VALUE_TOO_LARGE` over 512 MiB, `CONFIG_INVALID` if it cannot be written there
 */
export async function writeSnapshot(
  path: string,
  { content, artifacts }: Pick<TakenSnapshot, 'content' | 'artifacts'>,
): Promise<number> {
  const file = encodeSnapshot(content, artifacts);
  if (file.byteLength > MAX_SNAPSHOT_BYTES) {
    throw new ScatterError(
      'SCATTER_ERR_VALUE_TOO_LARGE',
      `the snapshot has ${file.byteLength} bytes, and at most ${MAX_SNAPSHOT_BYTES} are read again; ` +
        'name the functions that are needed',
    );
  }
  try {
    await replaceFile(path, file, 0o666);
    return file.byteLength;
  } catch (error) {
    const trouble = error instanceof Error ? error.message : String(error);
    throw new ScatterError(
      'SCATTER_ERR_CONFIG_INVALID',
      `the snapshot cannot be written to ${path}: ${trouble}`,
      { cause: error },
    );
  }
}

/** @throws ScatterError `CONFIG_INVALID` */
async function readSnapshot(path: string): Promise<ReadSnapshot> {
  try {
    const found = await stat(path);
    if (!found.isFile() || found.size > MAX_SNAPSHOT_BYTES) throw new Error('it is no snapshot');
    return decodeSnapshot(await readFile(path));
  } catch (error) {
    throw invalid(path, error instanceof Error ? error.message : String(error), error);
  }
}

class Snapshot implements KeptSource {
  readonly place: string;
  readonly #content: ReadSnapshot;
  readonly #functions: ReadonlyMap<string, FunctionRecord>;
  readonly #versions: ReadonlyMap<string, VersionInfo>;
  readonly #trouble: CacheTrouble;

  constructor(path: string, content: ReadSnapshot, trouble: CacheTrouble) {
    this.place = path;
    this.#content = content;
    this.#functions = new Map(content.functions.map((record) => [record.name, record]));
    this.#versions = new Map(
      content.versions.map((info) => [`${info.name}@${info.version}`, info]),
    );
    this.#trouble = trouble;
  }

  async head(): Promise<Head | undefined> {
    return this.#content.head;
  }

  async find(name: string): Promise<KeptFunction | undefined> {
    const { generation, epoch } = this.#content.head;
    const record = this.#functions.get(name);
    return record && { generation, epoch, record };
  }

  async version(
    generation: string,
    name: string,
    version: number,
  ): Promise<VersionInfo | undefined> {
    if (generation !== this.#content.head.generation) return undefined;
    return this.#versions.get(`${name}@${version}`);
  }

  async artifact(digest: string): Promise<Uint8Array | undefined> {
    const span = this.#content.artifacts.get(digest);
    if (span === undefined) return undefined;
    try {
      const blob = await readSpan(this.place, span);
      decodeArtifact(blob, digest);
      return blob;
    } catch (error) {
      // It was right at the start: somebody changed the file since.
      this.#trouble.tell(error, this.place);
      return undefined;
    }
  }
}

async function readSpan(path: string, { start, bytes }: Span): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, start);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function invalid(path: string, trouble: string, cause?: unknown): ScatterError {
  return new ScatterError(
    'SCATTER_ERR_CONFIG_INVALID',
    `the snapshot ${path} cannot be used: ${trouble}; make it again with \`scatter snapshot\`, or ` +
      'start without it',
    { cause },
  );
}
