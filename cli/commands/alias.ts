import type { Command } from 'commander';
import { type CommonOptions, registryCommand, withScatter } from '../registry-command.ts';

export function addAlias(program: Command): void {
  registryCommand(program, 'alias <name> <alias> <version>', 'point an alias at a version').action(
    (name: string, alias: string, version: string, options: CommonOptions) =>
      withScatter(options, async (scatter, output) => {
        await scatter.setAlias(name, alias, Number(version));
        output.result({ name, alias, version: Number(version) }, [`${name}@${alias} → ${version}`]);
      }),
  );
}
