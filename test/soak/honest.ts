import assert from 'node:assert/strict';
import { capability, provide, type Scatter, type ScatterFunction } from '../../src/index.ts';

/** What an honest caller does again and again: one call whose answer is known. */
export interface Honest {
  readonly name: string;
  /** Rejects with an AssertionError for a wrong answer, with a ScatterError for a call that failed. */
  call(n: number): Promise<void>;
}

interface Store {
  get(key: number): Promise<string>;
}

const store = capability<Store>('store');
const provided = provide(store, { get: async (key) => `value ${key}` });

const ECHO = 'export default (value) => value;';
const LATER = `export default async (n) => {
  await new Promise((done) => setTimeout(done, n % 20));
  return n * 2;
};`;
const ASKS = `import { store } from 'scatter:capabilities';
export default async (n) => [await store.get(n), await store.get(n + 1)];`;
const COUNTS = 'let calls = 0; export default () => (calls += 1);';
const REMEMBERS = 'let first; export default (partition) => (first ??= partition);';
const PRINTS = 'export default (n) => { console.log("line", n); return n; };';

/** Opens everything that honest callers call. */
export async function openHonest(scatter: Scatter): Promise<Honest[]> {
  const fns = await Promise.all(
    Object.entries({ ECHO, LATER, ASKS, COUNTS, REMEMBERS, PRINTS }).map(([name, source]) =>
      scatter.load(source, { name: `honest-${name.toLowerCase()}`, capabilities: [provided] }),
    ),
  );
  const [echo, later, asks, counts, remembers, prints] = fns as [
    ScatterFunction,
    ScatterFunction,
    ScatterFunction,
    ScatterFunction,
    ScatterFunction,
    ScatterFunction,
  ];
  return [
    honest('echo', async (n) => {
      const value = { n, text: 'x'.repeat(n % 3000), list: [n, null, new Date(n)] };
      assert.deepEqual(await echo(value), value);
    }),
    honest('timer', async (n) => assert.equal(await later(n), n * 2)),
    honest('capability', async (n) => {
      assert.deepEqual(await asks(n), [`value ${n}`, `value ${n + 1}`]);
    }),
    honest('freshIsolate', async () => {
      assert.equal(await counts.with({ limits: { freshIsolate: true } })(), 1);
    }),
    honest('partition', async (n) => {
      const partition = `partition ${n % 20}`;
      assert.equal(await remembers.with({ partition })(partition), partition);
    }),
    honest('console', async (n) => {
      const lines: string[] = [];
      const told = prints.with({ onLog: ({ text }) => lines.push(text) });
      assert.equal(await told(n), n);
      assert.deepEqual(lines, [`line ${n}`]);
    }),
  ];
}

function honest(name: string, call: Honest['call']): Honest {
  return { name, call };
}
