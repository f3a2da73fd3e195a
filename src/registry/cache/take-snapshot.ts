import { ScatterError } from '../../errors.ts';
import { aliasVersion } from '../../model/alias-version.ts';
import { formatReference, LATEST, parseReference, type Reference } from '../../model/reference.ts';
import type { VersionInfo } from '../../model/version.ts';
import { decodeArtifact } from '../artifact-blob.ts';
import { missingFunction } from '../not-found.ts';
import type { FunctionRecord, Registry } from '../registry.ts';
import type { SnapshotContent } from './snapshot-format.ts';

// Each round reads only what others changed during the one before.
const MAX_ROUNDS = 50;

export interface TakenSnapshot {
  readonly content: SnapshotContent;
  readonly artifacts: ReadonlyMap<string, Uint8Array>;
  /** What functions in it link to and the registry does not have. */
  readonly missing: readonly string[];
}

/**
 * Reads functions as they are at one moment: the versions that `latest`, `live` and aliases are at, those
 * that are named, and all that these link to.
 *
 * @param references without any, all functions of the namespace
 * @throws ScatterError `FUNCTION_NOT_FOUND`, `VERSION_NOT_FOUND`, `REGISTRY_CORRUPT` when something is
 *   gone that should be there, `REGISTRY_CONFLICT` when others change it all the time
 */
export async function takeSnapshot(
  registry: Registry,
  references: readonly Reference[],
): Promise<TakenSnapshot> {
  return new SnapshotTaking(registry, references).take();
}

class SnapshotTaking {
  readonly #registry: Registry;
  readonly #references: readonly Reference[];
  readonly #records = new Map<string, FunctionRecord | undefined>();
  readonly #infos = new Map<string, VersionInfo>();
  readonly #artifacts = new Map<string, Uint8Array>();
  readonly #linked = new Map<string, Reference>();

  constructor(registry: Registry, references: readonly Reference[]) {
    this.#registry = registry;
    this.#references = references;
  }

  async take(): Promise<TakenSnapshot> {
    let head = await this.#registry.head();
    for (let round = 0; round < MAX_ROUNDS; round++) {
      await this.#readMissing();
      const changes = await this.#registry.changes(head);
      head = changes.head;
      if (!this.#concerns(changes.names)) {
        return { content: await this.#content(head), ...this.#rest() };
      }
      this.#forget(changes.names);
    }
    throw new ScatterError(
      'SCATTER_ERR_REGISTRY_CONFLICT',
      `the functions in ${this.#registry.url} changed all the while they were read; try again when ` +
        'nobody pushes, or name those that are needed',
    );
  }

  async #readMissing(): Promise<void> {
    // What was read may link to more.
    for (let before = -1; before !== this.#size; ) {
      before = this.#size;
      for (const name of await this.#wantedNames()) {
        if (!this.#records.has(name)) this.#records.set(name, await this.#registry.find(name));
      }
      for (const [name, version] of this.#wantedVersions()) await this.#readVersion(name, version);
    }
  }

  get #size(): number {
    return this.#records.size + this.#infos.size + this.#linked.size;
  }

  async #readVersion(name: string, version: number): Promise<void> {
    const key = `${name}@${version}`;
    if (this.#infos.has(key)) return;
    const info = await this.#registry.version(name, version);
    const blob = info && (await this.#registry.artifact(info.digest));
    // Deleted meanwhile; if not, the end of it all says so.
    if (info === undefined || blob === undefined) return;
    this.#infos.set(key, info);
    this.#artifacts.set(info.digest, blob);
    for (const link of decodeArtifact(blob, info.digest).links) {
      this.#linked.set(link, parseReference(link));
    }
  }

  #concerns(names: readonly string[] | 'all'): boolean {
    if (names === 'all' || this.#references.length === 0) return names.length > 0;
    return names.some((name) => this.#records.has(name));
  }

  async #wantedNames(): Promise<Set<string>> {
    const named = this.#references.map(({ name }) => name);
    const all = named.length > 0 ? named : await this.#registry.names();
    return new Set([...all, ...[...this.#linked.values()].map(({ name }) => name)]);
  }

  #wantedVersions(): [name: string, version: number][] {
    const pointedAt = [...this.#records.values()].flatMap((record) =>
      record === undefined ? [] : pointedVersions(record).map(pairWith(record.name)),
    );
    const exact = [...this.#references, ...this.#linked.values()].flatMap((reference) =>
      'version' in reference ? [[reference.name, reference.version] as [string, number]] : [],
    );
    return [...pointedAt, ...exact];
  }

  #forget(names: readonly string[] | 'all'): void {
    for (const name of names === 'all' ? [...this.#records.keys()] : names) {
      this.#records.delete(name);
      for (const [key, info] of this.#infos) if (info.name === name) this.#infos.delete(key);
    }
  }

  async #content(head: SnapshotContent['head']): Promise<SnapshotContent> {
    for (const reference of this.#references) await this.#checkNamed(reference);
    const functions = [...this.#records.values()].filter((record) => record !== undefined);
    const versions = [...this.#infos.values()];
    for (const record of functions) this.#checkComplete(record);
    return { namespace: this.#registry.namespace, head, functions, versions };
  }

  #rest(): Pick<TakenSnapshot, 'artifacts' | 'missing'> {
    const used = new Set([...this.#infos.values()].map(({ digest }) => digest));
    const missing = [...this.#linked].filter(([, reference]) => !this.#has(reference));
    return {
      artifacts: new Map([...this.#artifacts].filter(([digest]) => used.has(digest))),
      missing: missing.map(([link]) => link),
    };
  }

  #has(reference: Reference): boolean {
    const record = this.#records.get(reference.name);
    if (record === undefined) return false;
    if ('version' in reference) return this.#infos.has(`${record.name}@${reference.version}`);
    return reference.alias === LATEST || aliasVersion(record, reference.alias) !== undefined;
  }

  /** @throws ScatterError `FUNCTION_NOT_FOUND`, `VERSION_NOT_FOUND` */
  async #checkNamed(reference: Reference): Promise<void> {
    if (this.#has(reference)) return;
    const { name } = reference;
    if (this.#records.get(name) === undefined) {
      throw await missingFunction(name, this.#registry);
    }
    throw new ScatterError(
      'SCATTER_ERR_VERSION_NOT_FOUND',
      `\`${formatReference(reference)}\` points at no version; \`scatter show ${name}\` lists them`,
      { function: name },
    );
  }

  /** @throws ScatterError `REGISTRY_CORRUPT` */
  #checkComplete(record: FunctionRecord): void {
    for (const version of pointedVersions(record)) {
      const key = `${record.name}@${version}`;
      if (this.#infos.has(key)) continue;
      throw new ScatterError(
        'SCATTER_ERR_REGISTRY_CORRUPT',
        `the registry ${this.#registry.url} lacks \`${key}\`, or its artifact, though something ` +
          'points at it; push the function again',
        { function: record.name, version },
      );
    }
  }
}

function pointedVersions({ latest, live, aliases }: FunctionRecord): number[] {
  return [...new Set([latest, live, ...Object.values(aliases)])];
}

function pairWith(name: string): (version: number) => [string, number] {
  return (version) => [name, version];
}
