import type { Command } from 'commander';
import { currentAuthor } from '../../src/author.ts';
import { checkAlias } from '../../src/model/reference.ts';
import { withRegistryToWrite } from '../registry-access.ts';
import { type CommonOptions, registryCommand } from '../registry-command.ts';
import { readVersion } from '../version-argument.ts';

export function addAlias(program: Command): void {
  registryCommand(program, 'alias <name> <alias> <version>', 'point an alias at a version').action(
    (name: string, alias: string, target: string, options: CommonOptions) =>
      withRegistryToWrite(options, async (registry, output) => {
        const version = readVersion(target, name);
        await registry.setAlias(name, checkAlias(alias), version, currentAuthor());
        output.result({ name, alias, version }, [`${name}@${alias} → ${version}`]);
      }),
  );
}
