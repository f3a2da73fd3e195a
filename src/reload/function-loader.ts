import { ScatterError } from '../errors.ts';
import { ARTIFACT_FORMAT, type Artifact } from '../model/artifact.ts';
import type { GuestFunction } from '../model/guest-function.ts';
import { decodeArtifact } from '../registry/artifact-blob.ts';
import type { Registry } from '../registry/registry.ts';

/** Fetches versions, each artifact once per digest for as long as anybody holds it. */
export class FunctionLoader {
  readonly #registry: Registry;
  readonly #functions = new Map<string, WeakRef<GuestFunction>>();
  readonly #artifacts = new Map<string, Promise<Artifact>>();
  readonly #forgotten = new FinalizationRegistry<string>((key) => {
    if (this.#functions.get(key)?.deref() === undefined) this.#functions.delete(key);
  });

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /**
   * One version, ready to be loaded into isolates. The same object for the same version.
   *
   * @throws ScatterError `VERSION_NOT_FOUND`, `FORMAT_UNSUPPORTED`, `REGISTRY_CORRUPT`,
   * `REGISTRY_UNREACHABLE`
   */
  async load(name: string, version: number): Promise<GuestFunction> {
    const key = `${name}@${version}`;
    const known = this.#functions.get(key)?.deref();
    if (known !== undefined) return known;
    const info = await this.#registry.version(name, version);
    if (info === undefined) throw versionNotFound(name, version);
    checkFormat(info.format, name, version);
    const artifact = await this.#artifact(info.digest);
    // Somebody else may have been faster while this one waited.
    const made = this.#functions.get(key)?.deref() ?? {
      name,
      version,
      digest: info.digest,
      artifact,
    };
    this.#functions.set(key, new WeakRef(made));
    this.#forgotten.register(made, key);
    return made;
  }

  async #artifact(digest: string): Promise<Artifact> {
    const held = this.#heldArtifact(digest);
    if (held !== undefined) return held;
    const fetching = this.#artifacts.get(digest) ?? this.#fetch(digest);
    this.#artifacts.set(digest, fetching);
    try {
      return await fetching;
    } finally {
      this.#artifacts.delete(digest);
    }
  }

  #heldArtifact(digest: string): Artifact | undefined {
    for (const reference of this.#functions.values()) {
      const held = reference.deref();
      if (held?.digest === digest) return held.artifact;
    }
    return undefined;
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
