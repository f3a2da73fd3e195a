import assert from 'node:assert/strict';
import { until } from '../redis/servers/until.ts';
import { type Heard, LocalSubscriber, type Place } from './subscriber.ts';

/** Some programs that follow the same functions. */
export class Fleet implements AsyncDisposable {
  readonly #subscribers: readonly LocalSubscriber[];

  private constructor(subscribers: readonly LocalSubscriber[]) {
    this.#subscribers = subscribers;
  }

  /** @param references each gets a handle in each of them; its key is its index */
  static async start(places: readonly Place[], references: readonly string[]): Promise<Fleet> {
    const subscribers = places.map(() => new LocalSubscriber());
    const fleet = new Fleet(subscribers);
    for (const [index, subscriber] of subscribers.entries()) {
      await subscriber.start(places[index] as Place);
      for (const [key, reference] of references.entries()) {
        const opened = await subscriber.open({ key, reference, autoUpdate: true });
        assert.ok('answer' in opened, `${reference} was opened`);
      }
    }
    return fleet;
  }

  /** Waits until all handles of all programs serve this, in the order of the references. */
  async serves(expected: readonly string[]): Promise<void> {
    let shown: unknown;
    const isSo = async () => {
      const all = await Promise.all(this.#subscribers.map((subscriber) => served(subscriber)));
      shown = all;
      return all.every((one) => JSON.stringify(one) === JSON.stringify(expected)) || undefined;
    };
    try {
      await until(`all programs at ${expected}`, isSo, { withinMs: 60_000 });
    } catch (cause) {
      throw new Error(`they serve ${JSON.stringify(shown)}`, { cause });
    }
  }

  heard(): Promise<Heard[]> {
    return Promise.all(this.#subscribers.map((subscriber) => subscriber.heard()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#subscribers.map((subscriber) => subscriber.stop()));
  }
}

/** Version and content of each handle, such as `3: content c`. */
async function served(subscriber: LocalSubscriber): Promise<string[]> {
  const views = await subscriber.views();
  return views
    .toSorted(([a], [b]) => a - b)
    .map(([, { version, content, gone }]) => (gone ? 'gone' : `${version}: ${content}`));
}
