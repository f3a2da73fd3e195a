import { ScatterError } from '../errors.ts';
import { ARTIFACT_FORMAT, type Artifact } from '../model/artifact.ts';
import type { GuestFunction } from '../model/guest-function.ts';
import { decodeArtifactInSteps } from '../registry/artifact-blob.ts';
import type { Registry } from '../registry/registry.ts';
import { type ArtifactFetches, sharedArtifacts } from './artifact-fetches.ts';

/** Where versions come from. */
export interface VersionSource extends Pick<Registry, 'url' | 'version' | 'artifact'> {
  /** Told of each artifact that is in use here, from wherever it came. */
  held?(digest: string, artifact: Artifact): void;
}

/** Fetches versions; what they contain, once for as long as anybody holds it. */
export class FunctionLoader {
  readonly #registry: VersionSource;
  readonly #functions = new Map<string, WeakRef<GuestFunction>>();
  readonly #artifacts: ArtifactFetches;
  readonly #forgotten = new FinalizationRegistry<string>((key) => {
    if (this.#functions.get(key)?.deref() === undefined) this.#functions.delete(key);
  });

  constructor(registry: VersionSource, artifacts: ArtifactFetches = sharedArtifacts) {
    this.#registry = registry;
    this.#artifacts = artifacts;
  }

  /**
   * One version, ready to be loaded into isolates. The same object for the same version.
   *
   * @throws ScatterError `VERSION_NOT_FOUND`, `FORMAT_UNSUPPORTED`, `REGISTRY_CORRUPT`,
   * `REGISTRY_UNREACHABLE`
   */
  async load(name: string, version: number): Promise<GuestFunction> {
    // Each time: a registry that lost writes gives numbers again, before anybody here knows that it did.
    const info = await this.#registry.version(name, version);
    if (info === undefined) throw versionNotFound(name, version);
    checkFormat(info.format, name, version);
    const { digest } = info;
    const key = `${name}@${version} ${digest}`;
    const known = this.#functions.get(key)?.deref();
    if (known !== undefined) return known;
    const artifact = await this.#artifacts.get(digest, () => this.#fetch(digest));
    this.#registry.held?.(digest, artifact);
    // Somebody else may have been faster while this one waited.
    const made = this.#functions.get(key)?.deref() ?? { name, version, digest, artifact };
    this.#functions.set(key, new WeakRef(made));
    this.#forgotten.register(made, key);
    return made;
  }

  async #fetch(digest: string): Promise<Artifact> {
    const blob = await this.#registry.artifact(digest);
    if (blob !== undefined) return decodeArtifactInSteps(blob, digest);
    throw new ScatterError(
      'SCATTER_ERR_REGISTRY_CORRUPT',
      `the registry ${this.#registry.url} has a version but not its artifact ${digest}, as when a ` +
        'server evicts; push a change of the function, or restore the registry',
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
