import type { AnyFunction } from '../../src/model/function-type.ts';

/** A function that travels, what it gives, and the arguments it is called with. */
export type Travelling = readonly [fn: AnyFunction, expected: unknown, ...args: unknown[]];

/** A function that is refused, and the words of the refusal in their order. */
export type Refused = readonly [fn: AnyFunction, ...words: string[]];

/** The rows of one file: the behaviour in words, and the function that shows it. */
export interface Table<Row> {
  /** Path below `test/capture/fixtures/`. */
  readonly file: string;
  readonly rows: Readonly<Record<string, Row>>;
}

const TRAVELLING = [
  'travels/values.mjs',
  'travels/objects.mjs',
  'travels/collections.mjs',
  'travels/functions.mjs',
  'travels/methods.mjs',
  'travels/classes.mjs',
  'travels/built-in-classes.mjs',
  'travels/class-state.mjs',
  'travels/scopes.mjs',
  'travels/loops.mjs',
  'travels/awkward.mjs',
  'travels/large.mjs',
  'travels/modules.mjs',
  'travels/packages.mjs',
  'travels/commonjs.cjs',
  'travels/sloppy.cjs',
  'travels/packages.cjs',
  'travels/typescript.ts',
];

const REFUSED = [
  'refused/host.mjs',
  'refused/constructs.mjs',
  'refused/values.mjs',
  'refused/sharing.mjs',
  'refused/commonjs.cjs',
  'refused/typescript.ts',
];

/** What travels, from ES modules, CommonJS and TypeScript. */
export function travellingTables(): Promise<Table<Travelling>[]> {
  return loadAll<Travelling>(TRAVELLING);
}

/** What is refused, from ES modules, CommonJS and TypeScript. */
export function refusedTables(): Promise<Table<Refused>[]> {
  return loadAll<Refused>(REFUSED);
}

async function loadAll<Row>(files: readonly string[]): Promise<Table<Row>[]> {
  // One after the other: what CommonJS requires must not be loading already.
  const tables: Table<Row>[] = [];
  for (const file of files) tables.push(await load<Row>(file));
  return tables;
}

async function load<Row>(file: string): Promise<Table<Row>> {
  const { rows } = (await import(new URL(`fixtures/${file}`, import.meta.url).href)) as {
    rows: Record<string, Row>;
  };
  return { file, rows };
}
