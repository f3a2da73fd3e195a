import type { ModelFunction, ModelRegistry, Outcome } from './model.ts';

/** What a handle was opened with. */
export interface Reference {
  readonly name: string;
  /** Undefined: `latest`. */
  readonly alias?: string | undefined;
  /** With it, the handle never moves by itself. */
  readonly version?: number | undefined;
}

/** What can be seen of a handle. */
export interface HandleView {
  readonly version: number;
  readonly content: string;
  readonly pinned: boolean;
  /** Whether calls are answered with FUNCTION_NOT_FOUND. */
  readonly gone: boolean;
}

/** A look of a subscriber at the registry. */
export interface Look {
  readonly registry: ModelRegistry;
  /**
   * Whether it may first learn now that writes were lost. Of what is missing it cannot know then whether
   * it was deleted since, so that it takes all for lost.
   */
  readonly lossIsNews: boolean;
}

interface Position {
  readonly version: number;
  readonly content: string;
  /** The last write by which followers were told to move that it knows of. */
  readonly heard: number;
  /** The write up to which it knows the registry. */
  readonly seen: number;
  readonly gone: boolean;
  /** It saw writes that the registry lost, and has not found its place again. */
  readonly adrift: boolean;
  /** Its function went with them, and was not pushed again. */
  readonly orphaned: boolean;
}

const NO_FUNCTION = { refused: 'SCATTER_ERR_FUNCTION_NOT_FOUND' };
const NO_VERSION = { refused: 'SCATTER_ERR_VERSION_NOT_FOUND' };

/**
 * Where a handle may be. A subscriber looks whenever it likes, so that after each write it has seen it
 * or not: all of what it may have become is kept, and mostly comes to one once it has surely looked.
 */
export class ModelHandle {
  readonly reference: Reference;
  readonly autoUpdate: boolean;
  #pinned: boolean;
  #positions: readonly Position[];

  private constructor(reference: Reference, autoUpdate: boolean, at: Position) {
    this.reference = reference;
    this.autoUpdate = autoUpdate;
    this.#pinned = reference.version !== undefined;
    this.#positions = [at];
  }

  static open(
    registry: ModelRegistry,
    reference: Reference,
    autoUpdate: boolean,
  ): Outcome<ModelHandle> {
    const target = pointedAt(registry, reference);
    if ('refused' in target) return target;
    return { answer: new ModelHandle(reference, autoUpdate, positionAt(registry, target.answer)) };
  }

  /** Whether what the registry does moves it. */
  get follows(): boolean {
    return !this.#pinned && this.autoUpdate;
  }

  get name(): string {
    return this.reference.name;
  }

  /** The registry changed: from now on the handle may have seen it. */
  mayLook(look: Look): void {
    // Or it has seen what there is and could not fetch it, as it may happen when that is lost just then.
    const seen = look.registry.last;
    const seenOnly = this.#positions.map((before) => ({ ...before, seen }));
    this.#positions = distinct([...this.#positions, ...seenOnly, ...this.#afterLook(look)]);
  }

  /** What it may show once it has seen the registry as it is. */
  viewsAfterLook(look: Look): HandleView[] {
    return this.#afterLook(look).map((position) => this.#view(position));
  }

  /** It has looked, and this is what it shows. */
  settle(look: Look, view: HandleView): void {
    const text = JSON.stringify(view);
    const left = this.#afterLook(look).filter(
      (position) => JSON.stringify(this.#view(position)) === text,
    );
    if (left.length > 0) this.#positions = left;
  }

  /**
   * `pull()`, or with a version `pull(version)`. Answers what may come of it.
   *
   * @param states those of the registry that it may meet
   */
  pull(states: readonly ModelRegistry[], version?: number): readonly Outcome<number>[] {
    return states.map((registry) => {
      const target = pointedAt(registry, this.#wanted(version));
      return 'refused' in target ? target : { answer: target.answer.version };
    });
  }

  /** What of {@link pull} really happened. */
  pulled(
    states: readonly ModelRegistry[],
    version: number | undefined,
    outcome: Outcome<number>,
  ): void {
    if ('refused' in outcome) return;
    const wanted = this.#wanted(version);
    const met = states.flatMap((registry) => {
      const target = pointedAt(registry, wanted);
      if ('refused' in target || target.answer.version !== outcome.answer) return [];
      return [positionAt(registry, target.answer)];
    });
    this.#positions = met;
    this.#pinned = wanted.version !== undefined;
    for (const registry of states) this.mayLook({ registry, lossIsNews: false });
  }

  /**
   * `upgrade()` or `downgrade()` by one; at the end it stays where it is, if that still exists. Answers
   * what may come of it.
   */
  step(registry: ModelRegistry, by: 1 | -1): readonly Outcome<number>[] {
    const found = registry.find(this.name);
    if (found === undefined) return [NO_FUNCTION];
    return this.#positions.map(({ version }) => {
      const target = neighbour(found, version, by);
      return target === undefined ? NO_VERSION : { answer: target };
    });
  }

  /** What of {@link step} really happened. */
  stepped(registry: ModelRegistry, by: 1 | -1, outcome: Outcome<number>): void {
    const found = registry.find(this.name);
    if (found === undefined) return;
    const target = 'answer' in outcome ? outcome.answer : undefined;
    this.#positions = this.#positions.filter(
      ({ version }) => neighbour(found, version, by) === target,
    );
    if (target === undefined) return;
    this.#pinned = true;
    this.#positions = distinct(
      this.#positions.map((position) =>
        position.version === target && !position.adrift
          ? position
          : positionAt(registry, { found, version: target }),
      ),
    );
  }

  #wanted(version: number | undefined): Reference {
    return version === undefined ? this.reference : { name: this.name, version };
  }

  #afterLook({ registry, lossIsNews }: Look): readonly Position[] {
    const ownLook = this.#positions.map((one) => this.#look(one, registry, isLost(one, registry)));
    if (!lossIsNews) return distinct(ownLook);
    return distinct([...ownLook, ...this.#positions.map((one) => this.#look(one, registry, true))]);
  }

  #look(before: Position, registry: ModelRegistry, lost: boolean): Position {
    const found = registry.find(this.name);
    const adrift = before.adrift || lost;
    // What was lost with the writes goes on running; what was deleted does not.
    const orphaned = found === undefined && (before.orphaned || lost);
    const gone = before.gone || (found === undefined && !orphaned);
    const position = { ...before, seen: registry.last, adrift, orphaned, gone };
    if (found === undefined) return position;
    if (!this.follows) return position;
    const version = this.#targetIn(found, position);
    const heard = found.told;
    if (version === undefined) return { ...position, heard };
    return positionAt(registry, { found, version });
  }

  /** Undefined: it stays. */
  #targetIn(found: ModelFunction, { version, heard, adrift }: Position): number | undefined {
    const { alias } = this.reference;
    if (alias !== undefined) return found.aliases.get(alias);
    if (adrift) return found.latest === version ? version : found.live;
    return found.told === heard ? undefined : found.live;
  }

  #view({ version, content, gone }: Position): HandleView {
    return { version, content, pinned: this.#pinned, gone };
  }
}

/** The version above or below, at the end the same one; undefined if that does not exist any more. */
function neighbour({ versions }: ModelFunction, from: number, by: 1 | -1): number | undefined {
  const numbers = [...versions.keys()];
  const next =
    by === 1
      ? numbers.find((number) => number > from)
      : numbers.findLast((number) => number < from);
  return next ?? numbers.find((number) => number === from);
}

interface Target {
  readonly found: ModelFunction;
  readonly version: number;
}

function pointedAt(registry: ModelRegistry, reference: Reference): Outcome<Target> {
  const found = registry.find(reference.name);
  if (found === undefined) return NO_FUNCTION;
  const { alias } = reference;
  const version =
    reference.version ?? (alias === undefined ? found.latest : found.aliases.get(alias));
  if (version === undefined || !found.versions.has(version)) return NO_VERSION;
  return { answer: { found, version } };
}

function positionAt(registry: ModelRegistry, { found, version }: Target): Position {
  const content = found.versions.get(version) ?? '';
  const { told } = found;
  const state = { gone: false, adrift: false, orphaned: false };
  return { version, content, heard: told, seen: registry.last, ...state };
}

function isLost({ seen }: Position, { history }: ModelRegistry): boolean {
  return seen !== 0 && !history.includes(seen);
}

function distinct(positions: readonly Position[]): Position[] {
  const byText = new Map(positions.map((position) => [JSON.stringify(position), position]));
  return [...byText.values()];
}
