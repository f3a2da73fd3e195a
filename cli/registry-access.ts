import { existsSync } from 'node:fs';
import { ScatterError } from '../src/errors.ts';
import { LATEST, parseReference } from '../src/model/reference.ts';
import type { VersionInfo } from '../src/model/version.ts';
import { resolveOptions } from '../src/options.ts';
import { missingFunction } from '../src/registry/not-found.ts';
import { type OpenOptions, openRegistry } from '../src/registry/open.ts';
import type { FunctionRecord, Registry } from '../src/registry/registry.ts';
import { findOutput, type Output } from './output.ts';
import { type CommonOptions, connectionOptions } from './registry-command.ts';

/** Runs `act` with the registry itself, for commands that run no function. */
export async function withRegistry(
  options: CommonOptions,
  act: (registry: Registry, output: Output) => Promise<void>,
): Promise<void> {
  await openFor(options, act, {});
}

/** The same for what writes, which says what endangers that, such as a server without a disk. */
export async function withRegistryToWrite(
  options: CommonOptions,
  act: (registry: Registry, output: Output) => Promise<void>,
): Promise<void> {
  const { talk } = findOutput(options.json === true);
  await openFor(options, act, { onWarning: (message) => talk(`warning: ${message}`) });
}

/** The same for what only looks, and must not make a registry where none is: then `act` gets none. */
export async function withRegistryIfThere(
  options: CommonOptions,
  act: (registry: Registry | undefined, output: Output) => Promise<void>,
): Promise<void> {
  const { url } = resolveOptions(connectionOptions(options));
  const [, path] = /^sqlite:(.+)$/i.exec(url) ?? [];
  if (path === undefined || existsSync(path)) return withRegistry(options, act);
  await act(undefined, findOutput(options.json === true));
}

/** @throws ScatterError `FUNCTION_NOT_FOUND` */
export async function findFunction(registry: Registry, name: string): Promise<FunctionRecord> {
  const record = await registry.find(name);
  if (record !== undefined) return record;
  throw await missingFunction(name, registry);
}

/** The version a reference points at. @throws ScatterError `FUNCTION_NOT_FOUND`, `VERSION_NOT_FOUND` */
export async function resolveVersion(
  registry: Registry,
  text: string,
): Promise<{ record: FunctionRecord; info: VersionInfo }> {
  const reference = parseReference(text);
  const record = await findFunction(registry, reference.name);
  const number =
    'version' in reference ? reference.version : aliasesOf(record).get(reference.alias);
  const info = number === undefined ? undefined : await registry.version(record.name, number);
  if (info !== undefined) return { record, info };
  throw new ScatterError(
    'SCATTER_ERR_VERSION_NOT_FOUND',
    `\`${text}\` points at no version; there are ${standing(record)}`,
    { function: record.name },
  );
}

/** Which versions there are, and where the aliases point. */
export function standing(record: FunctionRecord): string {
  const aliases = [...aliasesOf(record)].map(([alias, version]) => `${alias} = ${version}`);
  return `${record.versions.join(', ')} (${aliases.join(', ')})`;
}

async function openFor(
  options: CommonOptions,
  act: (registry: Registry, output: Output) => Promise<void>,
  open: OpenOptions,
): Promise<void> {
  const { url, namespace } = resolveOptions(connectionOptions(options));
  const registry = await openRegistry(url, namespace, open);
  try {
    await act(registry, findOutput(options.json === true));
  } finally {
    await registry.close();
  }
}

// A map: `aliases['constructor']` of a plain object would be there.
function aliasesOf(record: FunctionRecord): Map<string, number> {
  return new Map([[LATEST, record.latest], ...Object.entries(record.aliases)]);
}
