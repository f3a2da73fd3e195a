import type { TestContext } from 'node:test';
import fc from 'fast-check';
import type { Command } from './command.ts';
import { resume, startSubscriber } from './fault-commands.ts';
import { openHandle, subscriberOf } from './handle-commands.ts';
import type { ModelPush } from './model.ts';
import { ModelWorld } from './model-world.ts';
import { RealWorld } from './real-world.ts';
import { pushBeacon, settle } from './settle.ts';
import { Statistics } from './statistics.ts';
import type { Store } from './store.ts';
import { doPush, NAMES } from './write-commands.ts';

const SEED = process.env['SCATTER_MODEL_SEED'];
const RUNS = process.env['SCATTER_MODEL_RUNS'];

/** So that there is something to begin with. */
const FIRST: ModelPush = {
  id: 'first',
  items: NAMES.map((name) => ({ name, content: 'content 1' })),
  updateExisting: true,
};

/**
 * Does random commands to a store and to its model, which must agree at each step and in the end. A
 * failure is shrunk, and reported with its seed. `$SCATTER_MODEL_RUNS` says how many runs there are,
 * `$SCATTER_MODEL_SEED` which.
 *
 * @param runs how many there are unless that is said
 */
export async function runModel(
  t: TestContext,
  store: Store,
  commands: readonly fc.Arbitrary<Command>[],
  { runs }: { readonly runs: number },
): Promise<void> {
  const statistics = new Statistics();
  const shrinking = new Shrinking();
  // What it waits for keeps no program alive.
  const alive = setInterval(() => undefined, 60_000);
  const property = fc.asyncProperty(
    fc.commands([...commands], { maxCommands: 60, size: 'max' }),
    (steps) => shrinking.during(() => runOnce(store, statistics, steps)),
  );
  try {
    await fc.assert(property, {
      numRuns: RUNS === undefined ? runs : Number(RUNS),
      ...(SEED !== undefined && { seed: Number(SEED) }),
    });
  } finally {
    clearInterval(alive);
    t.diagnostic(statistics.toString());
  }
}

/** Each of them so many times, and so as much more likely. */
export function times<T>(count: number, ...commands: readonly T[]): T[] {
  return Array.from({ length: count }, () => commands).flat();
}

const FOLLOWING = { kind: 'latest', which: 0, autoUpdate: true };

/** How long is looked for a smaller failure than the first one, in ms. */
const SHRINK_MS = 180_000;

/** Tells of the first failure at once, and lets the search for a smaller one end in time. */
class Shrinking {
  #failedAt: number | undefined;

  async during(run: () => Promise<void>): Promise<void> {
    const isOver = performance.now() - (this.#failedAt ?? Infinity) > SHRINK_MS;
    // As if all smaller ones were fine.
    if (isOver) return;
    try {
      await run();
    } catch (error) {
      if (this.#failedAt === undefined) process.stderr.write(`the first failure: ${error}\n`);
      this.#failedAt ??= performance.now();
      throw error;
    }
  }
}

async function runOnce(
  store: Store,
  statistics: Statistics,
  steps: Iterable<Command>,
): Promise<void> {
  statistics.run();
  const model = new ModelWorld(store.subscribers);
  const real = await RealWorld.begin(await store.begin(), statistics);
  try {
    await pushBeacon(model, real);
    await doPush(model, real, FIRST);
    for (const who of model.subscribers.keys()) {
      await startSubscriber(model, real, who);
      const one = subscriberOf(model, real, who);
      for (const name of NAMES) await openHandle(one, { ...FOLLOWING, name });
    }
    await fc.asyncModelRun(() => ({ model, real }), steps);
    await healAll(model, real);
    await settle(model, real);
  } finally {
    await real.end();
  }
}

async function healAll(model: ModelWorld, real: RealWorld): Promise<void> {
  for (const [who, { impairment }] of model.subscribers.entries()) {
    if (impairment !== undefined) await resume(model, real, who);
  }
}
