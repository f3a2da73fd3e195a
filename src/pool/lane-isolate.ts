import { codeKey, type GuestFunction } from '../model/guest-function.ts';
import type { PendingCall } from './call.ts';

/** What an isolate is for: calls with the same key share it, and nothing else does. */
export interface IsolateUse {
  readonly target: GuestFunction;
  readonly partition: string;
  readonly memoryMb: number;
  /** Limit of the load, ms. */
  readonly cpuMs: number;
}

export function isolateKey(use: IsolateUse): string {
  const { target, partition, memoryMb } = use;
  // The partition, which may hold anything, comes last.
  return `${codeKey(target)}@${memoryMb}@${partition}`;
}

/** An isolate on a lane, as the host knows it. */
export class LaneIsolate {
  readonly id: number;
  readonly key: string;
  readonly use: IsolateUse;
  /** Settles with the load; the lane sends calls behind the load without waiting for it. */
  readonly loaded: Promise<void>;
  /** Calls that were sent to it and have no answer, by their ids. */
  readonly calls = new Map<number, PendingCall>();
  /** On the clock of `performance.now()`, ms. */
  lastUsed = performance.now();
  /** Whether the worker was told that nothing more comes. */
  retired = false;
  #onLoaded: (error?: unknown) => void = () => undefined;

  constructor(id: number, key: string, use: IsolateUse) {
    this.id = id;
    this.key = key;
    this.use = use;
    this.loaded = new Promise((resolve, reject) => {
      this.#onLoaded = (error) => (error === undefined ? resolve() : reject(error));
    });
    // Whoever waits for the load has the same promise and hears of it; calls hear in their own way.
    this.loaded.catch(() => undefined);
  }

  settleLoad(error?: unknown): void {
    this.#onLoaded(error);
  }
}
