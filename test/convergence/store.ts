import type { Registry } from '../../src/registry/registry.ts';
import type { ModelPush } from './model.ts';
import type { Impairment } from './model-world.ts';
import type { Place, Subscriber } from './subscriber.ts';

/** A kind of registry and the faults that it can have. One for all runs. */
export interface Store {
  /** How many subscribers a run has. */
  readonly subscribers: number;
  /** An empty namespace. */
  begin(): Promise<StoreRun>;
  stop(): Promise<void>;
}

export interface StoreRun {
  /** Undisturbed by the faults of the networks. */
  open(): Promise<Registry>;
  /** The writer whose connection is cut, stalled and slowed. */
  openWriter(): Promise<Registry>;
  readonly writerFaults?: WriterFaults;
  readonly seats: readonly Seat[];
  /** Remembers the state as it is; the answer goes back to it. */
  backup(): Promise<() => Promise<void>>;
  /** As if the machine crashed, and started again. */
  readonly crash?: (o: { readonly loseData: boolean }) => Promise<void>;
  /**
   * A program that makes these pushes is killed at some time after so many were done. Answers the ids
   * of those that it knew were done.
   */
  readonly killWriter?: (
    pushes: readonly ModelPush[],
    o: { readonly done: number; readonly turns: number },
  ) => Promise<string[]>;
  end(): Promise<void>;
}

/** Where a subscriber sits, and what can be done to it. */
export interface Seat {
  readonly subscriber: Subscriber;
  readonly place: Place;
  impair(impairment: Impairment): Promise<void>;
  heal(): Promise<void>;
}

export interface Cut {
  readonly direction: 'toServer' | 'toClient';
  /** How many bytes still pass. */
  readonly after: number;
}

export interface WriterFaults {
  /** Does work while the connection is to be cut; whether it was. */
  cutDuring<T>(cut: Cut, work: () => Promise<T>): Promise<{ result: T; wasCut: boolean }>;
  /** Begins work while nothing passes, lets it hang for a moment, then heals. */
  stallDuring<T>(work: () => Promise<T>): Promise<T>;
  slowDuring<T>(work: () => Promise<T>): Promise<T>;
}
