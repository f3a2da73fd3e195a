import type { Command } from 'commander';
import { currentAuthor } from '../../src/author.ts';
import { resolveVersion, withRegistryToWrite } from '../registry-access.ts';
import { type CommonOptions, registryCommand } from '../registry-command.ts';
import { readVersion } from '../version-argument.ts';

export function addRollback(program: Command): void {
  registryCommand(program, 'rollback <name>', 'put `latest` back, for everybody who follows')
    .option('--to <version>', 'the version to go to; default: where `latest` was before')
    .action((name: string, options: CommonOptions & { to?: string }) =>
      withRegistryToWrite(options, async (registry, output) => {
        const author = currentAuthor();
        if (options.to === undefined) await registry.rollback(name, author);
        else await registry.moveAll(name, readVersion(options.to, name), author);
        const { version, digest } = (await resolveVersion(registry, name)).info;
        output.result({ name, version, digest }, [`${name} is at version ${version}`]);
      }),
    );
}
