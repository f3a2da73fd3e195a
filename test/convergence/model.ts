/**
 * What a registry is, by the contract, as simple as it can be said: a few maps in memory. It shares
 * nothing with `src/registry/`, so that both would have to be wrong in the same way.
 */

/** What a write answers, or the code with which it is refused; then nothing changes. */
export type Outcome<T> = { readonly answer: T } | { readonly refused: string };

export interface ModelFunction {
  /** Versions that exist, with their content. */
  readonly versions: Map<number, string>;
  readonly aliases: Map<string, number>;
  /** Where `latest` was before, oldest first. */
  trail: number[];
  latest: number;
  /** Where followers were last told to go, and the id of the write that told them. */
  live: number;
  told: number;
  /** The highest number ever given; it outlives a delete. */
  given: number;
}

export interface ModelItem {
  readonly name: string;
  readonly content: string;
  readonly expectLatest?: number;
}

export interface ModelPush {
  readonly id: string;
  readonly items: readonly ModelItem[];
  readonly updateExisting: boolean;
}

export interface Made {
  readonly name: string;
  readonly version: number;
  readonly content: string;
}

const CONFLICT = { refused: 'SCATTER_ERR_REGISTRY_CONFLICT' };
const NO_FUNCTION = { refused: 'SCATTER_ERR_FUNCTION_NOT_FOUND' };
const NO_VERSION = { refused: 'SCATTER_ERR_VERSION_NOT_FOUND' };

export class ModelRegistry {
  /** The ids of the writes that led here: no two writes ever have the same, also after a loss. */
  readonly history: readonly number[];
  readonly #functions: ReadonlyMap<string, ModelFunction>;
  readonly #pushes: ReadonlyMap<string, readonly Made[]>;

  constructor(
    history: readonly number[] = [],
    functions: ReadonlyMap<string, ModelFunction> = new Map(),
    pushes: ReadonlyMap<string, readonly Made[]> = new Map(),
  ) {
    this.history = history;
    this.#functions = functions;
    this.#pushes = pushes;
  }

  /** The write that it ends with; 0: nothing was ever written. */
  get last(): number {
    return this.history.at(-1) ?? 0;
  }

  /** The functions that exist, by name. */
  functions(): [name: string, found: ModelFunction][] {
    const present = [...this.#functions].filter(([, { latest }]) => latest > 0);
    return present.sort(([a], [b]) => (a < b ? -1 : 1));
  }

  find(name: string): ModelFunction | undefined {
    const found = this.#functions.get(name);
    return found !== undefined && found.latest > 0 ? found : undefined;
  }

  /** @param write the id that the write has, if it changes anything */
  push(request: ModelPush, write: number): Written<readonly Made[]> {
    const done = this.#pushes.get(request.id);
    if (done !== undefined) return { outcome: { answer: done }, after: this };
    return this.#write(write, (functions) => {
      const made: Made[] = [];
      let changed = false;
      for (const item of request.items) {
        const one = pushOne(functions, item, request.updateExisting, write);
        if (one === undefined) return { outcome: CONFLICT, changed: false };
        made.push(one.made);
        changed ||= one.changed;
      }
      const pushes = changed ? { id: request.id, made } : undefined;
      return { outcome: { answer: made }, changed, ...(pushes && { pushes }) };
    });
  }

  setAlias(name: string, alias: string, version: number, write: number): Written<undefined> {
    return this.#change(name, write, (found) => {
      if (!found.versions.has(version)) return { outcome: NO_VERSION, changed: false };
      const changed = found.aliases.get(alias) !== version;
      found.aliases.set(alias, version);
      return { outcome: { answer: undefined }, changed };
    });
  }

  moveAll(name: string, version: number, write: number): Written<undefined> {
    return this.#change(name, write, (found) => {
      if (!found.versions.has(version)) return { outcome: NO_VERSION, changed: false };
      const changed = found.latest !== version || found.live !== version;
      if (changed) {
        putLatest(found, version);
        putLive(found, version, write);
      }
      return { outcome: { answer: undefined }, changed };
    });
  }

  /** Answers the version that it went back to. */
  rollback(name: string, write: number): Written<number> {
    return this.#change(name, write, (found) => {
      const trail = [...found.trail];
      for (let back = trail.pop(); back !== undefined; back = trail.pop()) {
        if (back === found.latest || !found.versions.has(back)) continue;
        Object.assign(found, { latest: back, trail });
        putLive(found, back, write);
        return { outcome: { answer: back }, changed: true };
      }
      return { outcome: NO_VERSION, changed: false };
    });
  }

  delete(name: string, write: number): Written<undefined> {
    return this.#change(name, write, (found) => {
      found.versions.clear();
      found.aliases.clear();
      Object.assign(found, { trail: [], latest: 0, live: 0, told: 0 });
      return { outcome: { answer: undefined }, changed: true };
    });
  }

  /** Answers the numbers that went and those below `olderThan` that stayed. */
  prune(
    name: string,
    olderThan: number,
    write: number,
  ): Written<{ removed: readonly number[]; kept: readonly number[] }> {
    return this.#change(name, write, (found) => {
      const used = new Set([found.latest, found.live, ...found.aliases.values()]);
      const below = [...found.versions.keys()].filter((version) => version < olderThan);
      const removed = below.filter((version) => !used.has(version));
      for (const version of removed) found.versions.delete(version);
      const kept = below.filter((version) => used.has(version));
      found.trail = found.trail.filter((version) => found.versions.has(version));
      return { outcome: { answer: { removed, kept } }, changed: removed.length > 0 };
    });
  }

  #change<T>(name: string, write: number, change: (found: ModelFunction) => Step<T>): Written<T> {
    if (this.find(name) === undefined) return { outcome: NO_FUNCTION, after: this };
    return this.#write(write, (functions) => change(functionIn(functions, name)));
  }

  // On a copy, so that what is refused halfway leaves nothing.
  #write<T>(write: number, step: (functions: Map<string, ModelFunction>) => Step<T>): Written<T> {
    const functions = new Map([...this.#functions].map(([name, one]) => [name, copyOf(one)]));
    const { outcome, changed, pushes } = step(functions);
    if (!changed) return { outcome, after: this };
    const known = pushes
      ? new Map([...this.#pushes, [pushes.id, pushes.made] as const])
      : this.#pushes;
    return { outcome, after: new ModelRegistry([...this.history, write], functions, known) };
  }
}

/** What a write answers and the registry after it, the very same one if it changed nothing. */
export interface Written<T> {
  readonly outcome: Outcome<T>;
  readonly after: ModelRegistry;
}

interface Step<T> {
  readonly outcome: Outcome<T>;
  readonly changed: boolean;
  readonly pushes?: { readonly id: string; readonly made: readonly Made[] };
}

/** Undefined for a conflict. */
function pushOne(
  functions: Map<string, ModelFunction>,
  { name, content, expectLatest }: ModelItem,
  updateExisting: boolean,
  write: number,
): { made: Made; changed: boolean } | undefined {
  const found = functionIn(functions, name);
  if (expectLatest !== undefined && expectLatest !== found.latest) return undefined;
  if (found.latest > 0 && found.versions.get(found.latest) === content) {
    const changed = updateExisting && found.live !== found.latest;
    if (changed) putLive(found, found.latest, write);
    return { made: { name, version: found.latest, content }, changed };
  }
  const isFirst = found.latest === 0;
  found.given += 1;
  const version = found.given;
  found.versions.set(version, content);
  putLatest(found, version);
  if (updateExisting || isFirst) putLive(found, version, write);
  return { made: { name, version, content }, changed: true };
}

function putLatest(found: ModelFunction, version: number): void {
  if (found.latest === version) return;
  if (found.latest > 0) found.trail.push(found.latest);
  found.latest = version;
}

function putLive(found: ModelFunction, version: number, write: number): void {
  found.live = version;
  found.told = write;
}

function functionIn(functions: Map<string, ModelFunction>, name: string): ModelFunction {
  const found = functions.get(name) ?? {
    versions: new Map(),
    aliases: new Map(),
    trail: [],
    latest: 0,
    live: 0,
    told: 0,
    given: 0,
  };
  functions.set(name, found);
  return found;
}

function copyOf(one: ModelFunction): ModelFunction {
  return {
    ...one,
    versions: new Map(one.versions),
    aliases: new Map(one.aliases),
    trail: [...one.trail],
  };
}
