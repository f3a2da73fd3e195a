import { type Command, InvalidArgumentError } from 'commander';
import type { LogEntry } from '../../src/registry/registry.ts';
import { table } from '../output.ts';
import { findFunction, withRegistry } from '../registry-access.ts';
import { type CommonOptions, registryCommand } from '../registry-command.ts';

const HEADING = ['WHEN', 'WHAT', 'FUNCTION', 'WHO', 'WHY'];

export function addLog(program: Command): void {
  registryCommand(program, 'log [name]', 'who changed what, newest first')
    .option('--limit <n>', 'how many lines', readCount, 50)
    .action((name: string | undefined, options: CommonOptions & { limit: number }) =>
      withRegistry(options, async (registry, output) => {
        const { limit } = options;
        const entries = await registry.log(name === undefined ? { limit } : { name, limit });
        // A deleted function has a log, too; one that never was is a mistake.
        if (name !== undefined && entries.length === 0) await findFunction(registry, name);
        output.result({ entries }, entries.length === 0 ? [] : table(HEADING, entries.map(rowOf)));
      }),
    );
}

function rowOf(entry: LogEntry): string[] {
  const { name, version, alias, action, at, author, message = '' } = entry;
  const target = version === undefined ? name : `${name}@${version}`;
  const what = alias === undefined ? action : `${action} ${alias}`;
  return [at.toISOString(), what, target, author, message];
}

function readCount(text: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new InvalidArgumentError('It must be a whole number from 1.');
}
