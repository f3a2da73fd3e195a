import { type ModelFunction, ModelRegistry, type Outcome, type Written } from './model.ts';
import { type Look, ModelHandle, type Reference } from './model-handle.ts';
import type { Heard } from './subscriber.ts';

/** What a subscriber suffers from. While it does, nothing is expected of it. */
export type Impairment = 'paused' | 'cut' | 'slow';

/** The registry and all subscribers, as they should be. */
export class ModelWorld {
  readonly subscribers: readonly ModelSubscriber[];
  registry = new ModelRegistry();
  /** What a backup of the store has. */
  backup: ModelRegistry | undefined;
  #writes = 0;
  #keys = 0;

  constructor(subscribers: number) {
    this.subscribers = Array.from({ length: subscribers }, () => new ModelSubscriber());
  }

  /** Does a write that the store is going to do, or has done. */
  write<T>(write: (registry: ModelRegistry, id: number) => Written<T>): Outcome<T> {
    this.#writes += 1;
    const { outcome, after } = write(this.registry, this.#writes);
    if (after !== this.registry) this.#becomes(after);
    return outcome;
  }

  /** The store went back to an earlier state; without one, everything is gone. */
  lose(state: ModelRegistry = new ModelRegistry()): void {
    this.#becomes(state);
  }

  /** A number that was not given before. */
  nextKey(): number {
    this.#keys += 1;
    return this.#keys;
  }

  find(name: string): ModelFunction | undefined {
    return this.registry.find(name);
  }

  #becomes(state: ModelRegistry): void {
    this.registry = state;
    for (const subscriber of this.subscribers) subscriber.mayLook(state);
  }
}

/** How far a subscriber knows the registry. */
interface Knowledge {
  /** The last write that it has seen. */
  readonly head: number;
  /** Whether it saw that the registry had lost what it knew, and said so. */
  readonly warned: boolean;
}

/** A program with handles. */
export class ModelSubscriber {
  handles = new Map<number, ModelHandle>();
  impairment: Impairment | undefined;
  #knowledge: readonly Knowledge[] = [];
  /** Warnings of losses up to when it was settled last. */
  #warnings = 0;

  start(registry: ModelRegistry): void {
    this.handles = new Map();
    this.impairment = undefined;
    this.settle(registry, { losses: 0 });
  }

  open(
    key: number,
    registry: ModelRegistry,
    reference: Reference,
    autoUpdate: boolean,
  ): Outcome<number> {
    const opened = ModelHandle.open(registry, reference, autoUpdate);
    if ('refused' in opened) return opened;
    this.handles.set(key, opened.answer);
    const [view] = opened.answer.viewsAfterLook({ registry, lossIsNews: false });
    return { answer: view?.version ?? 0 };
  }

  /** The registry changed: from now on it may have seen it. */
  mayLook(registry: ModelRegistry): void {
    const look = this.look(registry);
    for (const handle of this.handles.values()) handle.mayLook(look);
    this.#knowledge = distinct([...this.#knowledge, ...this.#afterLook(registry)]);
  }

  /** What it is like when it looks at the registry as it is. */
  look(registry: ModelRegistry): Look {
    return { registry, lossIsNews: this.#knowledge.some(({ head }) => isLost(head, registry)) };
  }

  /** What is wrong with what it said of losses, now that it has seen the registry as it is. */
  wrongWarnings(registry: ModelRegistry, { losses }: Pick<Heard, 'losses'>): string[] {
    const warned = losses > this.#warnings;
    if (this.#afterLook(registry).some((known) => known.warned === warned)) return [];
    if (warned) return ['it warned of lost writes, and none were lost'];
    return ['it did not warn of the writes that were lost'];
  }

  /** It has seen the registry as it is. */
  settle(registry: ModelRegistry, { losses }: Pick<Heard, 'losses'>): void {
    this.#knowledge = [{ head: registry.last, warned: false }];
    this.#warnings = losses;
  }

  #afterLook(registry: ModelRegistry): Knowledge[] {
    const looks = this.#knowledge.map(({ head, warned }) => ({
      head: registry.last,
      warned: warned || isLost(head, registry),
    }));
    return distinct(looks);
  }
}

function isLost(head: number, { history }: ModelRegistry): boolean {
  return head !== 0 && !history.includes(head);
}

function distinct(all: readonly Knowledge[]): Knowledge[] {
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}
