import { isDeepStrictEqual } from 'node:util';
import { buildBundle } from './bundle-build.ts';
import { type Fingerprint, fingerprint } from './bundle-inputs.ts';
import type { Bundle, PackageImport } from './package-import.ts';

interface Cached {
  readonly bundle: Bundle;
  /** Absolute paths of all files that went in. */
  readonly inputs: readonly string[];
  readonly print: Fingerprint;
}

const MOST_BUNDLES = 100;
// Times of files come from a coarser clock than the program's.
const CLOCK_STEP_MS = 20;

// What is in it is checked against the files at each use, so that nothing in it can be stale; one for
// the program, because functions of a program share their packages.
const cache = new Map<string, Promise<Cached>>();

/**
 * Makes one piece of code of the parts of npm packages that are used, found and interpreted as Node
 * does it for each importing file. The same packages give the same bytes in every process and folder.
 *
 * @throws BundleProblem for what cannot run in an isolate: Node built-ins, native code, a package that
 * is not there
 */
export async function bundlePackages(imports: readonly PackageImport[]): Promise<Bundle> {
  const sorted = imports.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  const environment = process.env['NODE_ENV'] || 'production';
  const key = JSON.stringify([environment, sorted]);
  const known = await cache.get(key);
  if (known !== undefined && isCurrent(known, sorted)) return known.bundle;
  const making = make(sorted, environment);
  remember(key, making);
  return (await making).bundle;
}

function isCurrent({ inputs, print }: Cached, imports: readonly PackageImport[]): boolean {
  return isDeepStrictEqual(fingerprint(inputs, importers(imports)).states, print.states);
}

function importers(imports: readonly PackageImport[]): string[] {
  return imports.map(({ from }) => from);
}

async function make(imports: readonly PackageImport[], environment: string): Promise<Cached> {
  const started = Date.now();
  const { inputs, ...bundle } = await buildBundle(imports, environment);
  const print = fingerprint(inputs, importers(imports));
  // What was written while it was read may have been read before: then nothing fits next time.
  const isSure = print.newest < started - CLOCK_STEP_MS;
  return { bundle, inputs, print: isSure ? print : { ...print, states: [] } };
}

function remember(key: string, making: Promise<Cached>): void {
  cache.delete(key);
  cache.set(key, making);
  // What failed may work when the package was installed or repaired.
  making.catch(() => {
    if (cache.get(key) === making) cache.delete(key);
  });
  const oldest = cache.keys().next().value;
  if (cache.size > MOST_BUNDLES && oldest !== undefined) cache.delete(oldest);
}
