import { isDeepStrictEqual } from 'node:util';
import { capture } from '../../../src/capture/index.ts';
import type { AnyFunction } from '../../../src/model/function-type.ts';
import { type LoadFile, TRAVELLING, type Travelling, travellingTables } from '../cases.ts';
import { directOutcome, guestOutcome } from '../guest.ts';

/** The files that a runner reads which compiles TypeScript: one more, and those that all can parse. */
export const RUNNER_FILES: readonly string[] = [
  ...TRAVELLING.filter((file) => !file.includes('string-names')),
  'compiled/syntax.ts',
];

const PLACE = new URL('../fixtures/compiled/place.ts', import.meta.url);

export interface Report {
  /** By `file: title`: `ok`, or what went wrong. */
  readonly rows: Readonly<Record<string, string>>;
  /** How a function is refused whose file was compiled. */
  readonly refusal: string;
}

/** Captures every row in the program that this is part of, runs it in an isolate, and compares. */
export async function makeReport(files: readonly string[], loadFile?: LoadFile): Promise<Report> {
  const report: Record<string, string> = {};
  for (const { file, rows } of await travellingTables(loadFile, files)) {
    for (const [title, row] of Object.entries(rows))
      report[`${file}: ${title}`] = await tryRow(row);
  }
  const { loads } = (await (loadFile ?? importFile)(PLACE)) as { loads: AnyFunction };
  return { rows: report, refusal: await capture(loads).then(() => 'it was captured', String) };
}

function importFile(file: URL): unknown {
  return import(file.href);
}

async function tryRow([fn, expected, ...args]: Travelling): Promise<string> {
  try {
    const artifact = await capture(fn);
    const { name, value } = await guestOutcome(artifact, args);
    // Where a runner makes a module's exports otherwise, it does so for the direct call, too.
    const isAsDirect = (): Promise<boolean> =>
      directOutcome(fn, args).then((direct) => isDeepStrictEqual(value, direct.value));
    if (!isDeepStrictEqual(value, expected) && !(await isAsDirect())) {
      return `it gives ${JSON.stringify(value)}`;
    }
    return name === fn.name ? 'ok' : `it is called ${name} and not ${fn.name}`;
  } catch (error) {
    return String(error);
  }
}
