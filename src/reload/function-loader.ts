import { ScatterError } from '../errors.ts';
import { ARTIFACT_FORMAT, type Artifact } from '../model/artifact.ts';
import type { GuestFunction } from '../model/guest-function.ts';
import { decodeArtifact } from '../registry/artifact-blob.ts';
import type { Registry } from '../registry/registry.ts';
import { type ArtifactFetches, sharedArtifacts } from './artifact-fetches.ts';

/** Where versions come from. */
export interface VersionSource extends Pick<Registry, 'url' | 'version' | 'artifact'> {
  /** Told of each artifact that is in use here, from wherever it came. */
  held?(digest: string, artifact: Artifact): void;
}

/** Fetches versions, each once for as long as anybody holds it. */
export class FunctionLoader {
  readonly #registry: VersionSource;
  #functions = new Map<string, WeakRef<GuestFunction>>();
  readonly #artifacts: ArtifactFetches;
  readonly #forgotten = new FinalizationRegistry<string>((key) => {
    if (this.#functions.get(key)?.deref() === undefined) this.#functions.delete(key);
  });

  constructor(registry: VersionSource, artifacts: ArtifactFetches = sharedArtifacts) {
    this.#registry = registry;
    this.#artifacts = artifacts;
  }

  /** What the numbers of versions stand for is asked anew. */
  forget(): void {
    // What is being fetched now goes into the old one.
    this.#functions = new Map();
  }

  /**
   * One version, ready to be loaded into isolates. The same object for the same version.
   *
   * @throws ScatterError `VERSION_NOT_FOUND`, `FORMAT_UNSUPPORTED`, `REGISTRY_CORRUPT`,
   * `REGISTRY_UNREACHABLE`
   */
  async load(name: string, version: number): Promise<GuestFunction> {
    const key = `${name}@${version}`;
    const functions = this.#functions;
    const known = functions.get(key)?.deref();
    if (known !== undefined) return known;
    const info = await this.#registry.version(name, version);
    if (info === undefined) throw versionNotFound(name, version);
    checkFormat(info.format, name, version);
    const { digest } = info;
    const artifact = await this.#artifacts.get(digest, () => this.#fetch(digest));
    this.#registry.held?.(digest, artifact);
    // Somebody else may have been faster while this one waited.
    const made = functions.get(key)?.deref() ?? {
      name,
      version,
      digest,
      artifact,
    };
    functions.set(key, new WeakRef(made));
    this.#forgotten.register(made, key);
    return made;
  }

  async #fetch(digest: string): Promise<Artifact> {
    const blob = await this.#registry.artifact(digest);
    if (blob !== undefined) return decodeArtifact(blob, digest);
    throw new ScatterError(
      'SCATTER_ERR_REGISTRY_CORRUPT',
      `the registry ${this.#registry.url} has a version but not its artifact ${digest}; push it again`,
    );
  }
}

export function versionNotFound(name: string, version: number | string): ScatterError {
  return new ScatterError(
    'SCATTER_ERR_VERSION_NOT_FOUND',
    `\`${name}\` has no version ${version}; versions() lists those it has`,
    { function: name, ...(typeof version === 'number' && { version }) },
  );
}

function checkFormat(format: number, name: string, version: number): void {
  if (format <= ARTIFACT_FORMAT) return;
  throw new ScatterError(
    'SCATTER_ERR_FORMAT_UNSUPPORTED',
    `\`${name}@${version}\` has artifact format ${format} and this scatter runs up to ${ARTIFACT_FORMAT}; update scatter-fn`,
    { function: name, version },
  );
}
