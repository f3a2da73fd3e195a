import { after } from 'node:test';
import { createScatter, type Scatter, type ScatterOptions } from '../../src/index.ts';
import type { VersionInfo } from '../../src/model/version.ts';
import { encodeArtifact } from '../../src/registry/artifact-blob.ts';
import { openRegistry } from '../../src/registry/open.ts';
import type { Registry } from '../../src/registry/registry.ts';

const silent = (): void => undefined;

/** Keeps what guests print out of the tests' own output. */
export const silentLogger = { debug: silent, info: silent, warn: silent, error: silent };

/** An instance with one thread and a registry of its own, closed after the tests of the file. */
export function startScatter(options: ScatterOptions = {}): Scatter {
  const scatter = createScatter({
    url: 'memory:',
    pool: { threads: 1 },
    logger: silentLogger,
    ...options,
  });
  after(() => scatter.close());
  return scatter;
}

let names = 0;

/** A function name that no other test of the file uses. */
export function freshName(): string {
  names += 1;
  return `function-${names}`;
}

/** A registry that tests of one file share under a name of its own. */
export function freshUrl(): string {
  return `memory:${freshName()}-of-${process.pid}`;
}

type PushChoices = Parameters<Scatter['push']>[1];

/** Pushes a function that gives `value`. */
export async function pushValue(
  scatter: Scatter,
  name: string,
  value: unknown,
  options: PushChoices = {},
): Promise<VersionInfo> {
  const tracked = scatter.track(() => value, { name });
  const [info] = await scatter.push([tracked], options);
  await tracked.release();
  if (info === undefined) throw new Error('the push gave no version');
  return info;
}

/** The registry behind an instance, for what no instance would write. */
export async function registryOf(scatter: Scatter): Promise<Registry> {
  const registry = await openRegistry(scatter.url, scatter.namespace);
  after(() => registry.close());
  return registry;
}

/**
 * Pushes hand-made code: an expression whose value is `($scatter) => function`, with the references and
 * capabilities that it names.
 */
export async function pushCode(
  registry: Registry,
  name: string,
  code: string,
  { links = [], requires = [] }: { links?: readonly string[]; requires?: readonly string[] } = {},
): Promise<void> {
  const origin = { source: code, map: '', captured: [] };
  const artifact = { format: 1, code, links, requires, origin };
  const item = { name, ...encodeArtifact(artifact), requires, format: 1 };
  const id = `push of ${name}: ${code}`;
  await registry.push({ id, items: [item], updateExisting: true, author: 'test' });
}

/** A promise and what settles it. */
export function gate<T = void>(): {
  readonly passed: Promise<T>;
  open(value: T): void;
} {
  const { promise, resolve } = Promise.withResolvers<T>();
  return { passed: promise, open: resolve };
}
