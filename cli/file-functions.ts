import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ScatterError } from '../src/errors.ts';
import { track } from '../src/index.ts';
import { tokenOf } from '../src/model/capability-token.ts';
import type { AnyFunction } from '../src/model/function-type.ts';
import { type Prepared, prepareTracked } from '../src/push-item.ts';
import { referenceOf } from '../src/scatter-function.ts';
import { stateOf, type TrackedState, trackedState } from '../src/tracked.ts';
import { runForeign } from './foreign-code.ts';
import { baseName, checkFile, type SourceFileOptions } from './source-file.ts';
import { wrongUsage } from './wrong-usage.ts';

/** A function of a file, by the name that it is pushed under. */
interface Found {
  readonly state: TrackedState;
  readonly exported: string;
}

/**
 * Imports a file, and captures its functions.
 *
 * @param names which; all of them if empty
 * @throws ScatterError `CONFIG_INVALID`, `SOURCE_INVALID` if the file fails, `CAPTURE_UNSUPPORTED`
 */
export async function prepareFunctions(
  file: string,
  names: readonly string[],
  options: SourceFileOptions,
): Promise<Prepared[]> {
  if (options.export !== undefined || options.capability !== undefined) {
    throw wrongUsage('--export and --capability go with --source');
  }
  const found = findFunctions(await importFile(file), file);
  const chosen = names.length === 0 ? found : names.map((name) => choose(found, name, file));
  if (chosen.length === 0)
    throw wrongUsage(`${file} exports no function; export one, or track() it`);
  return Promise.all(chosen.map(({ state }) => prepareTracked(state)));
}

async function importFile(file: string): Promise<Record<string, unknown>> {
  checkFile(file);
  try {
    return await runForeign(() => import(pathToFileURL(resolve(file)).href));
  } catch (cause) {
    const message = `importing ${file} failed: ${saidBy(cause)}`;
    throw new ScatterError('SCATTER_ERR_SOURCE_INVALID', message, { cause });
  }
}

/** What was thrown, and where in the author's files; the loader's own frames say nothing to them. */
function saidBy(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const lines = (thrown.stack ?? thrown.message).split('\n');
  return lines.filter((line) => !/^ {4}at .*\bnode:internal\//.test(line)).join('\n');
}

function findFunctions(exports: Record<string, unknown>, file: string): Found[] {
  const found = new Map<string, Found>();
  const seen = new Set<unknown>();
  // `default` last: what is exported twice goes by its other name.
  for (const [exported, value] of exportsOf(exports)) {
    if (!isFunction(value) || seen.has(value)) continue;
    seen.add(value);
    const state =
      trackedState(value) ?? stateOf(track(value, { name: nameOf(value, exported, file) }));
    const other = found.get(state.name);
    if (other !== undefined) {
      throw wrongUsage(
        `${file} exports two functions that are called \`${state.name}\` (${other.exported}, ` +
          `${exported}); track() one of them under another name`,
      );
    }
    found.set(state.name, { state, exported });
  }
  return [...found.values()];
}

function exportsOf(exports: Record<string, unknown>): [name: string, value: unknown][] {
  const { default: main, 'module.exports': common, ...named } = exports;
  // A CommonJS file may have more on its object than Node can tell from the text.
  const more = typeof common === 'object' && common !== null ? Object.entries(common) : [];
  return [...Object.entries(named), ...more, ['default', main]];
}

/** Whether it can be pushed; a class cannot be called, and a handle is in the registry already. */
function isFunction(value: unknown): value is AnyFunction {
  if (typeof value !== 'function' || referenceOf(value) !== undefined) return false;
  // A token answers to any name, so this comes before its members are asked for.
  if (tokenOf(value) !== undefined) return false;
  if ('callSync' in value && trackedState(value) === undefined) throw otherCopy();
  return !/^class\b/.test(Function.prototype.toString.call(value));
}

function nameOf(fn: AnyFunction, exported: string, file: string): string {
  if (exported !== 'default') return exported;
  return fn.name === '' || fn.name === 'default' ? baseName(file) : fn.name;
}

function choose(found: readonly Found[], name: string, file: string): Found {
  const chosen = found.find(({ state, exported }) => state.name === name || exported === name);
  if (chosen !== undefined) return chosen;
  const there = found.map(({ state }) => state.name).join(', ') || 'none';
  throw wrongUsage(`${file} has no function \`${name}\`; it has ${there}`);
}

function otherCopy(): ScatterError {
  return wrongUsage(
    'the file tracks functions with another copy of scatter-fn than this command is of; run the ' +
      'command of that copy: npx scatter, in the folder where it is installed',
  );
}
