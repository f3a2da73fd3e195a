import type { Artifact } from '../../model/artifact.ts';
import type { VersionInfo } from '../../model/version.ts';
import { encodeArtifact } from '../artifact-blob.ts';
import { type FunctionRecord, type Head, isSameHead, type Registry } from '../registry.ts';
import type { CachePaths } from './cache-paths.ts';
import type { CacheWriter } from './cache-writer.ts';
import { isDigest, plainHead, plainInfo, plainRecord } from './kept.ts';

/** What the files of a cache begin with. */
export const CACHE_FORMAT = 1;

const DAY_MS = 24 * 60 * 60 * 1000;

/** Of how many functions it is remembered what was written last. */
const MAX_WRITTEN = 10_000;

// What is referred to is written before what refers to it.
const RANKS = { artifact: 0, version: 1, function: 2, head: 3 };

/** Puts what a program runs into a cache. */
export class CacheRecorder {
  readonly #paths: CachePaths;
  readonly #identity: { readonly url: string; readonly namespace: string };
  readonly #writer: CacheWriter;
  #head: Head | undefined;
  /** What was seen before it is known of which generation it is. */
  readonly #waiting: ((head: Head) => void)[] = [];
  readonly #written = new Map<string, string>();

  constructor(
    paths: CachePaths,
    { url, namespace }: Pick<Registry, 'url' | 'namespace'>,
    writer: CacheWriter,
  ) {
    this.#paths = paths;
    this.#identity = { url, namespace };
    this.#writer = writer;
  }

  head(head: Head): void {
    if (this.#head !== undefined && isSameHead(head, this.#head)) return;
    this.#head = head;
    this.#put('head', this.#paths.head, { ...this.#identity, head: plainHead(head) });
    for (const record of this.#waiting.splice(0)) record(head);
  }

  /** @param record undefined: there is no such function any more */
  function(name: string, record: FunctionRecord | undefined): void {
    this.#onceKnown(({ generation, epoch }) => {
      if (!this.#isNews(name, `${generation} ${record && signatureOf(record)}`)) return;
      const kept = record && { generation, epoch, record: plainRecord(record) };
      this.#put('function', this.#paths.function(name), kept);
    });
  }

  version(info: VersionInfo): void {
    this.#onceKnown(({ generation }) => {
      const path = this.#paths.version(generation, info.name, info.version);
      this.#put('version', path, { info: plainInfo(info) });
    });
  }

  artifact(digest: string, blob: Uint8Array): void {
    // Whoever wrote the registry chose it, and it names a file here.
    if (!isDigest(digest)) return;
    this.#writer.put(this.#paths.artifact(digest), { content: blob, rank: RANKS.artifact });
  }

  /** The same for one that need not have been read from the registry here. */
  heldArtifact(digest: string, artifact: Artifact): void {
    if (!isDigest(digest)) return;
    const make = (): Uint8Array => encodeArtifact(artifact).blob;
    this.#writer.putIfMissing(this.#paths.artifact(digest), {
      content: make,
      rank: RANKS.artifact,
    });
  }

  // Programs may get a function for each of their requests.
  #isNews(name: string, signature: string): boolean {
    if (this.#written.get(name) === signature) return false;
    if (this.#written.size >= MAX_WRITTEN) this.#written.clear();
    this.#written.set(name, signature);
    return true;
  }

  #onceKnown(record: (head: Head) => void): void {
    if (this.#head === undefined) this.#waiting.push(record);
    else record(this.#head);
  }

  #put(kind: keyof typeof RANKS, path: string, fields: object | undefined): void {
    const content = fields && `${JSON.stringify({ format: CACHE_FORMAT, ...fields })}\n`;
    this.#writer.put(path, { content, rank: RANKS[kind] });
  }
}

/** Another one when the record is, and every day, so that what is used does not look unused. */
function signatureOf(record: FunctionRecord): string {
  const { latest, live, liveEpoch, latestVersion, versions, aliases, updatedAt } = record;
  const numbers = [latest, live, liveEpoch, latestVersion, versions.length, updatedAt.getTime()];
  return JSON.stringify([...numbers, aliases, Math.floor(Date.now() / DAY_MS)]);
}
