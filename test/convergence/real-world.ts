import type { PushRequest, Registry } from '../../src/registry/registry.ts';
import { contentOf, itemOf } from './contents.ts';
import type { Made, ModelPush } from './model.ts';
import type { Statistics } from './statistics.ts';
import type { Cut, Seat, StoreRun } from './store.ts';

/** A registry with its writers and subscribers. */
export class RealWorld {
  readonly run: StoreRun;
  readonly writer: Registry;
  /** Its connection suffers nothing but what the server does. */
  readonly observer: Registry;
  readonly statistics: Statistics;
  /** Goes back to the last backup. */
  restore: (() => Promise<void>) | undefined;
  readonly #pushers: Registry[] = [];

  private constructor(run: StoreRun, writer: Registry, observer: Registry, counts: Statistics) {
    this.run = run;
    this.writer = writer;
    this.observer = observer;
    this.statistics = counts;
  }

  static async begin(run: StoreRun, statistics: Statistics): Promise<RealWorld> {
    return new RealWorld(run, await run.openWriter(), await run.open(), statistics);
  }

  seat(index: number): Seat {
    const seat = this.run.seats[index];
    if (seat === undefined) throw new Error(`there is no subscriber ${index}`);
    return seat;
  }

  /** Does a write, while its connection is cut if that is said. */
  async write<T>(write: (registry: Registry) => Promise<T>, cut?: Cut): Promise<T> {
    const { writerFaults } = this.run;
    if (cut === undefined || writerFaults === undefined) return write(this.writer);
    const { result, wasCut } = await writerFaults.cutDuring(cut, () => write(this.writer));
    if (wasCut) this.statistics.fault(`writer cut, ${cut.direction}`);
    return result;
  }

  /** Registries that push at the same time, each with a connection of its own. */
  async pushers(count: number): Promise<readonly Registry[]> {
    while (this.#pushers.length < count) this.#pushers.push(await this.run.open());
    return this.#pushers.slice(0, count);
  }

  async end(): Promise<void> {
    for (const seat of this.run.seats) await seat.heal();
    await Promise.all(this.run.seats.map(({ subscriber }) => subscriber.stop()));
    const registries = [this.writer, this.observer, ...this.#pushers];
    await Promise.all(registries.map((registry) => registry.close()));
    await this.run.end();
  }
}

export async function pushTo(registry: Registry, push: ModelPush): Promise<readonly Made[]> {
  const made = await registry.push(requestOf(push));
  return made.map(({ name, version, digest }) => ({ name, version, content: contentOf(digest) }));
}

function requestOf({ id, items, updateExisting }: ModelPush): PushRequest {
  return { id, items: items.map(itemOf), updateExisting, author: 'model' };
}
