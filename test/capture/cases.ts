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

export const TRAVELLING: readonly string[] = [
  'travels/values.mjs',
  'travels/objects.mjs',
  'travels/collections.mjs',
  'travels/web-globals.mjs',
  'travels/functions.mjs',
  'travels/methods.mjs',
  'travels/classes.mjs',
  'travels/built-in-classes.mjs',
  'travels/class-state.mjs',
  'travels/class-corners.mjs',
  'travels/odd-instances.mjs',
  'travels/corners.mjs',
  'travels/odd-objects.mjs',
  'travels/scopes.mjs',
  'travels/loops.mjs',
  'travels/awkward.mjs',
  'travels/top-level-await.mjs',
  'travels/large.mjs',
  'travels/modules.mjs',
  'travels/packages.mjs',
  'travels/recreated.mjs',
  'travels/string-names.mjs',
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

/** How a fixture is loaded: a runner may have a way of its own. */
export type LoadFile = (file: URL) => unknown;

/** What travels, from ES modules, CommonJS and TypeScript. */
export function travellingTables(
  loadFile?: LoadFile,
  files: readonly string[] = TRAVELLING,
): Promise<Table<Travelling>[]> {
  return loadAll<Travelling>(files, loadFile);
}

/** What is refused, from ES modules, CommonJS and TypeScript. */
export function refusedTables(): Promise<Table<Refused>[]> {
  return loadAll<Refused>(REFUSED);
}

async function loadAll<Row>(
  files: readonly string[],
  loadFile = importFile,
): Promise<Table<Row>[]> {
  // One after the other: what CommonJS requires must not be loading already.
  const tables: Table<Row>[] = [];
  for (const file of files) {
    const { rows } = (await loadFile(new URL(`fixtures/${file}`, import.meta.url))) as {
      rows: Record<string, Row>;
    };
    tables.push({ file, rows });
  }
  return tables;
}

function importFile(file: URL): unknown {
  return import(file.href);
}
