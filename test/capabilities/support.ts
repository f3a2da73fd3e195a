import type {
  AnyFunction,
  Capability,
  GetOptions,
  Scatter,
  ScatterFunction,
} from '../../src/index.ts';
import { capability, provide } from '../../src/index.ts';
import { freshName, freshUrl, pushCode, registryOf, startScatter } from '../library/support.ts';

/** What most tests provide: something like a database. */
export interface Database {
  query(sql: string, ...values: unknown[]): Promise<unknown>;
  readonly admin: { drop(table: string): Promise<string> };
}

export const db = capability<Database>('db');

/** Runs the hand-made code of a file's tests. */
const handMade = startScatter({ url: freshUrl() });

/** A database that gives back what it is asked, and keeps it. */
export function echoingDatabase(): Database & { readonly asked: unknown[][] } {
  const asked: unknown[][] = [];
  return {
    asked,
    async query(...args) {
      asked.push(args);
      return args;
    },
    admin: { drop: async (table) => `dropped ${table}` },
  };
}

/** Pushes `fn` and gets it by its name. */
export async function served<F extends AnyFunction>(
  at: Scatter,
  fn: F,
  options: GetOptions = {},
  name = freshName(),
): Promise<ScatterFunction<F>> {
  await at.push([at.track(fn, { name })]);
  return at.get<F>(name, options);
}

/** A handle of hand-made code that declares the capability `db`, which is `implementation`. */
export async function servedCode(
  code: string,
  implementation: object,
  name = freshName(),
): Promise<ScatterFunction> {
  return servedWith(code, [provide('db', implementation)], name);
}

/** The same with whatever is provided, all of it declared. */
export async function servedWith(
  code: string,
  capabilities: readonly Capability[],
  name = freshName(),
): Promise<ScatterFunction> {
  await handMade.connect();
  const requires = capabilities.map((one) => one.name).sort();
  await pushCode(await registryOf(handMade), name, code, { requires });
  return handMade.get(name, { capabilities });
}

/** What a promise rejected with, as plain parts; guests see nothing more of a capability's failure. */
export const ERROR_PARTS = `(error) => ({ name: error.name, message: error.message, code: error.code,
  keys: Object.keys(error), stack: error.stack, isError: error instanceof Error })`;

/** {@link ERROR_PARTS} as it arrives. */
export interface ErrorParts {
  readonly name: string;
  readonly message: string;
  readonly code: unknown;
  readonly keys: string[];
  readonly stack: string;
  readonly isError: boolean;
}
