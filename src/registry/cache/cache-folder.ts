import type { VersionInfo } from '../../model/version.ts';
import { decodeArtifact, MAX_ARTIFACT_BYTES } from '../artifact-blob.ts';
import { fieldsOf, isCount, isText } from '../plain-values.ts';
import type { Head, Registry } from '../registry.ts';
import type { CachePaths } from './cache-paths.ts';
import { CACHE_FORMAT } from './cache-recorder.ts';
import type { CacheTrouble } from './cache-trouble.ts';
import {
  isDigest,
  type KeptFunction,
  type KeptSource,
  readHead,
  readInfo,
  readRecord,
} from './kept.ts';
import { checkPrivate, readIfThere } from './private-files.ts';

const MAX_RECORD_BYTES = 16 * 1024 * 1024;

/** Reads what programs here ran last. What is damaged is told once, and counts as missing. */
export class CacheFolder implements KeptSource {
  readonly #paths: CachePaths;
  readonly #identity: { readonly url: string; readonly namespace: string };
  readonly #trouble: CacheTrouble;
  readonly #written: () => Promise<void>;

  /** @param written resolves when all that is to be in the cache is in its files */
  constructor(
    paths: CachePaths,
    { url, namespace }: Pick<Registry, 'url' | 'namespace'>,
    o: { trouble: CacheTrouble; written: () => Promise<void> },
  ) {
    this.#paths = paths;
    this.#identity = { url, namespace };
    this.#trouble = o.trouble;
    this.#written = o.written;
  }

  get place(): string {
    return this.#paths.folder;
  }

  head(): Promise<Head | undefined> {
    const { url, namespace } = this.#identity;
    return this.#read(this.#paths.head, (fields) => {
      const isOfThis = fields['url'] === url && fields['namespace'] === namespace;
      return isOfThis ? readHead(fields['head']) : undefined;
    });
  }

  find(name: string): Promise<KeptFunction | undefined> {
    return this.#read(this.#paths.function(name), ({ generation, epoch, record: value }) => {
      const record = readRecord(value);
      if (!isText(generation) || !isCount(epoch) || record?.name !== name) return undefined;
      return { generation, epoch, record };
    });
  }

  version(generation: string, name: string, version: number): Promise<VersionInfo | undefined> {
    return this.#read(this.#paths.version(generation, name, version), (fields) => {
      const info = readInfo(fields['info']);
      return info?.name === name && info.version === version ? info : undefined;
    });
  }

  async artifact(digest: string): Promise<Uint8Array | undefined> {
    if (!isDigest(digest)) return undefined;
    return this.#open(this.#paths.artifact(digest), 2 * MAX_ARTIFACT_BYTES, (blob) => {
      decodeArtifact(blob, digest);
      return blob;
    });
  }

  #read<T>(
    path: string,
    understand: (fields: Readonly<Record<string, unknown>>) => T | undefined,
  ): Promise<T | undefined> {
    return this.#open(path, MAX_RECORD_BYTES, (bytes) => {
      const fields = fieldsOf(JSON.parse(bytes.toString()));
      const found = fields?.['format'] === CACHE_FORMAT ? understand(fields) : undefined;
      if (found === undefined) throw new Error('it does not hold what it should');
      return found;
    });
  }

  async #open<T>(
    path: string,
    limit: number,
    understand: (bytes: Buffer) => T,
  ): Promise<T | undefined> {
    let bytes: Buffer | undefined;
    await this.#written();
    try {
      bytes = checkPrivate(this.place) ? await readIfThere(path, limit) : undefined;
    } catch (error) {
      this.#trouble.tell(error, this.place);
      return undefined;
    }
    try {
      return bytes && understand(bytes);
    } catch (error) {
      this.#trouble.tell(error, path);
      return undefined;
    }
  }
}
