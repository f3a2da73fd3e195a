import type { Command } from 'commander';
import { currentAuthor } from '../../src/author.ts';
import type { Registry } from '../../src/registry/registry.ts';
import { confirm } from '../confirm.ts';
import type { Output } from '../output.ts';
import { findFunction, withRegistryToWrite } from '../registry-access.ts';
import { type CommonOptions, registryCommand } from '../registry-command.ts';
import { readVersion } from '../version-argument.ts';

interface RmOptions extends CommonOptions {
  readonly olderThan?: string;
  readonly yes?: boolean;
}

export function addRm(program: Command): void {
  registryCommand(program, 'rm <name>', 'remove a function, or its old versions')
    .option('--older-than <version>', 'only versions below this one that no alias uses')
    .option('--yes', 'do not ask')
    .action((name: string, options: RmOptions) =>
      withRegistryToWrite(options, (registry, output) =>
        options.olderThan === undefined
          ? removeFunction(registry, name, options, output)
          : removeOldVersions(registry, name, { ...options, olderThan: options.olderThan }, output),
      ),
    );
}

async function removeFunction(
  registry: Registry,
  name: string,
  options: RmOptions,
  output: Output,
): Promise<void> {
  const { versions } = await findFunction(registry, name);
  const question = `remove ${name} with all its versions (${versions.length})?`;
  await confirm(question, options.yes === true);
  await registry.delete(name, currentAuthor());
  output.result({ name, removed: versions, kept: [] }, [`removed ${name}`]);
}

async function removeOldVersions(
  registry: Registry,
  name: string,
  options: RmOptions & { olderThan: string },
  output: Output,
): Promise<void> {
  const below = readVersion(options.olderThan, name);
  await findFunction(registry, name);
  await confirm(`remove the versions of ${name} below ${below}?`, options.yes === true);
  const { removed, kept } = await registry.prune(name, below, [], currentAuthor());
  for (const { version, reason } of kept) output.talk(`kept ${name}@${version}: ${reason}`);
  const shown = removed.join(', ') || 'none';
  output.result({ name, removed, kept }, [`removed versions of ${name}: ${shown}`]);
}
