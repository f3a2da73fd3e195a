import { isScatterError, ScatterError } from '../../errors.ts';
import type { Artifact } from '../../model/artifact.ts';
import type { VersionInfo } from '../../model/version.ts';
import type { FunctionRecord, Head, Registry } from '../registry.ts';
import type { CachedRegistry } from './cached-registry.ts';
import type { KeptFunction, KeptSource } from './kept.ts';

/** How long a registry may take to answer what is kept elsewhere, too, in ms. */
const PATIENCE_MS = 1000;

const LATE = Symbol('late');

/**
 * What a registry says or, while it is away, what it said when it was seen last. Only what handles are
 * opened with is answered so: who asks for changes or writes wants the registry itself.
 */
export class LastKnown implements Pick<Registry, 'url' | 'head' | 'find' | 'version' | 'artifact'> {
  readonly #registry: CachedRegistry;
  readonly #sources: readonly KeptSource[];

  /** @param sources what ran last first */
  constructor(registry: CachedRegistry, sources: readonly KeptSource[]) {
    this.#registry = registry;
    this.#sources = sources;
  }

  get url(): string {
    return this.#registry.url;
  }

  head(): Promise<Head> {
    return this.#answer(
      'it',
      () => this.#registry.head(),
      () => this.#keptHead(),
    );
  }

  find(name: string): Promise<FunctionRecord | undefined> {
    return this.#answer(
      `\`${name}\``,
      () => this.#registry.find(name),
      () => this.#keptRecord(name),
    );
  }

  version(name: string, version: number): Promise<VersionInfo | undefined> {
    return this.#answer(
      `\`${name}@${version}\``,
      () => this.#registry.version(name, version),
      async () => {
        const kept = await this.#keptFunction(name);
        if (kept === undefined) return undefined;
        return this.#first((source) => source.version(kept.generation, name, version));
      },
    );
  }

  /** A digest says what the content is: what is kept need not be fetched. */
  async artifact(digest: string): Promise<Uint8Array | undefined> {
    const kept = await this.#first((source) => source.artifact(digest));
    if (kept !== undefined) return kept;
    try {
      return await this.#registry.artifact(digest);
    } catch (error) {
      throw this.#sources.length === 0 ? error : this.#explain(error, `the artifact ${digest}`);
    }
  }

  /** An artifact is in use here, from wherever it came: it is kept, too. */
  held(digest: string, artifact: Artifact): void {
    this.#registry.held(digest, artifact);
  }

  async #answer<T>(
    what: string,
    ask: () => Promise<T>,
    look: () => Promise<T | undefined>,
  ): Promise<T> {
    if (this.#sources.length === 0) return ask();
    if (this.#registry.reach.awaySince !== undefined) {
      const kept = await look();
      if (kept !== undefined) return kept;
    }
    const asked = ask();
    try {
      const answer = await soon(asked);
      if (answer !== LATE) return answer;
    } catch (error) {
      if (!isUnreachable(error)) throw error;
    }
    const kept = await look();
    if (kept === undefined)
      return asked.catch((error) => Promise.reject(this.#explain(error, what)));
    this.#registry.reach.fail(this.#late());
    return kept;
  }

  async #keptHead(): Promise<Head | undefined> {
    const heads = await Promise.all(this.#sources.map((source) => source.head()));
    return heads.reduce((best, head) => (isNewer(head, best) ? head : best), undefined);
  }

  async #keptFunction(name: string): Promise<KeptFunction | undefined> {
    const found = await Promise.all(this.#sources.map((source) => source.find(name)));
    return found.reduce((best, kept) => (isNewer(kept, best) ? kept : best), undefined);
  }

  async #keptRecord(name: string): Promise<FunctionRecord | undefined> {
    const kept = await this.#keptFunction(name);
    if (kept === undefined) return undefined;
    this.#registry.doubt(name);
    return kept.record;
  }

  async #first<T>(look: (source: KeptSource) => Promise<T | undefined>): Promise<T | undefined> {
    for (const source of this.#sources) {
      const found = await look(source);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #late(): ScatterError {
    return new ScatterError(
      'SCATTER_ERR_REGISTRY_UNREACHABLE',
      `the registry ${this.url} did not answer within ${PATIENCE_MS} ms; try again`,
    );
  }

  #explain(error: unknown, what: string): unknown {
    if (!isUnreachable(error)) return error;
    const places = this.#sources.map(({ place }) => place).join(' and ');
    return new ScatterError(
      'SCATTER_ERR_REGISTRY_UNREACHABLE',
      `${error.message}; and there is no cache of ${what} to go on with in ${places}`,
      { cause: error },
    );
  }
}

// Those of different registries cannot be compared: the first one stays.
function isNewer(
  one: Pick<Head, 'generation' | 'epoch'> | undefined,
  best: Pick<Head, 'generation' | 'epoch'> | undefined,
): boolean {
  if (one === undefined || best === undefined) return best === undefined;
  return one.generation === best.generation && one.epoch > best.epoch;
}

/** What was asked, if it settles soon. */
function soon<T>(asked: Promise<T>): Promise<T | typeof LATE> {
  return new Promise((resolve, reject) => {
    // What came while this program was busy is read first.
    const giveUp = (): unknown => setImmediate(() => resolve(LATE));
    const timer = setTimeout(giveUp, PATIENCE_MS);
    const end = (): void => clearTimeout(timer);
    asked.then(resolve, reject).then(end, end);
  });
}

function isUnreachable(error: unknown): error is ScatterError {
  return isScatterError(error, 'SCATTER_ERR_REGISTRY_UNREACHABLE');
}
