import type { Command } from 'commander';
import { table } from '../output.ts';
import { type CommonOptions, registryCommand, withScatter } from '../registry-command.ts';

export function addLs(program: Command): void {
  registryCommand(program, 'ls', 'list the functions of a namespace').action(
    (options: CommonOptions) =>
      withScatter(options, async (scatter, output) => {
        const functions = await scatter.list();
        const rows = functions.map((one) => [
          one.name,
          `${one.latest}`,
          `${one.versions}`,
          Object.entries(one.aliases)
            .map(([alias, version]) => `${alias}=${version}`)
            .join(' '),
          one.updatedAt.toISOString(),
        ]);
        if (rows.length === 0)
          output.talk(`no functions in ${scatter.namespace} of ${scatter.url}`);
        const heading = ['NAME', 'LATEST', 'VERSIONS', 'ALIASES', 'UPDATED'];
        output.result({ functions }, rows.length === 0 ? [] : table(heading, rows));
      }),
  );
}
