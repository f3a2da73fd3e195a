import type { Artifact } from '../model/artifact.ts';

/** Artifacts by digest: each is fetched once, by whoever needs it first, while anybody holds it. */
export class ArtifactFetches {
  readonly #held = new Map<string, WeakRef<Artifact>>();
  readonly #fetching = new Map<string, Promise<Artifact>>();
  readonly #forgotten = new FinalizationRegistry<string>((digest) => {
    if (this.#held.get(digest)?.deref() === undefined) this.#held.delete(digest);
  });

  async get(digest: string, fetch: () => Promise<Artifact>): Promise<Artifact> {
    const held = this.#held.get(digest)?.deref();
    if (held !== undefined) return held;
    const others = this.#fetching.get(digest);
    if (others !== undefined) {
      try {
        return await others;
      } catch {
        // It failed for them, over their connection; what it means here is found out here.
        return this.#fetch(digest, fetch);
      }
    }
    return this.#fetch(digest, fetch);
  }

  async #fetch(digest: string, fetch: () => Promise<Artifact>): Promise<Artifact> {
    const fetching = fetch();
    this.#fetching.set(digest, fetching);
    try {
      const artifact = await fetching;
      this.#held.set(digest, new WeakRef(artifact));
      this.#forgotten.register(artifact, digest);
      return artifact;
    } finally {
      if (this.#fetching.get(digest) === fetching) this.#fetching.delete(digest);
    }
  }
}

/**
 * Those of all instances of this process: fifty of them that follow one registry fetch a new version
 * once. A digest says what the content is, wherever it came from.
 */
export const sharedArtifacts = new ArtifactFetches();
