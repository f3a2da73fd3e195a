import type { Command } from 'commander';
import { functionInfo } from '../../src/function-info.ts';
import type { FunctionInfo } from '../../src/model/version.ts';
import { table } from '../output.ts';
import { withRegistry } from '../registry-access.ts';
import { type CommonOptions, registryCommand } from '../registry-command.ts';

const HEADING = ['NAME', 'LATEST', 'VERSIONS', 'ALIASES', 'UPDATED'];

export function addLs(program: Command): void {
  registryCommand(program, 'ls', 'list the functions of a namespace').action(
    (options: CommonOptions) =>
      withRegistry(options, async (registry, output) => {
        const { url, namespace } = registry;
        const functions = (await registry.list()).map(functionInfo);
        if (functions.length === 0) output.talk(`no functions in ${namespace} of ${url}`);
        const rows = functions.map(rowOf);
        output.result({ functions }, rows.length === 0 ? [] : table(HEADING, rows));
      }),
  );
}

function rowOf({ name, latest, versions, aliases, updatedAt }: FunctionInfo): string[] {
  const shown = Object.entries(aliases).map(([alias, version]) => `${alias}=${version}`);
  return [name, `${latest}`, `${versions}`, shown.join(' '), updatedAt.toISOString()];
}
