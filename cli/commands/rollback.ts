import type { Command } from 'commander';
import { currentAuthor } from '../../src/author.ts';
import { checkVersion } from '../../src/model/reference.ts';
import { resolveVersion, withRegistry } from '../registry-access.ts';
import { type CommonOptions, registryCommand } from '../registry-command.ts';

export function addRollback(program: Command): void {
  registryCommand(program, 'rollback <name>', 'put `latest` back, for everybody who follows')
    .option('--to <version>', 'the version to go to; default: where `latest` was before')
    .action((name: string, options: CommonOptions & { to?: string }) =>
      withRegistry(options, async (registry, output) => {
        const author = currentAuthor();
        if (options.to === undefined) await registry.rollback(name, author);
        else await registry.moveAll(name, checkVersion(Number(options.to), name), author);
        const { version, digest } = await resolveVersion(registry, name);
        output.result({ name, version, digest }, [`${name} is at version ${version}`]);
      }),
    );
}
