import type { Facades } from './facades.ts';
import type { LocalCalls } from './local-calls.ts';
import type { VersionInfo } from './model/version.ts';
import { trackedItems } from './push-item.ts';
import { pushItems } from './push-items.ts';
import type { Runtime } from './runtime.ts';
import type { ScatterFunction } from './scatter-function-type.ts';
import { openOnce, type PushOptions, type TrackedHost, type TrackedState } from './tracked.ts';

/** Pushes the tracked functions of an instance, and has one handle for each of them. */
export class TrackedFunctions implements TrackedHost {
  readonly #local: LocalCalls;
  readonly #facades: Facades;
  readonly #author: string;
  readonly #connect: () => Promise<Runtime>;

  constructor(o: {
    local: LocalCalls;
    facades: Facades;
    author: string;
    connect: () => Promise<Runtime>;
  }) {
    this.#local = o.local;
    this.#facades = o.facades;
    this.#author = o.author;
    this.#connect = o.connect;
  }

  async push(states: readonly TrackedState[], options: PushOptions): Promise<VersionInfo[]> {
    const items = await trackedItems(states, options, this.#local);
    const runtime = await this.#connect();
    const infos = await pushItems(runtime, items, options, this.#author);
    await Promise.all(states.map((state) => this.#follow(state)));
    return infos;
  }

  /** The handle of a tracked function; what another instance opened for it stays with that one. */
  open(state: TrackedState): Promise<ScatterFunction> {
    return openOnce(state, this, async () => this.#facades.tracked(await this.#connect(), state));
  }

  async #follow(state: TrackedState): Promise<void> {
    const handle = await this.open(state);
    // What was just pushed from here is what the tracked function stands for.
    if (!handle.pinned) await handle.pull();
  }
}
