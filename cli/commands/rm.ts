import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { currentAuthor } from '../../src/author.ts';
import { ScatterError } from '../../src/errors.ts';
import { checkVersion } from '../../src/model/reference.ts';
import { findFunction, withRegistry } from '../registry-access.ts';
import { type CommonOptions, registryCommand } from '../registry-command.ts';

interface RmOptions extends CommonOptions {
  readonly olderThan?: string;
  readonly yes?: boolean;
}

export function addRm(program: Command): void {
  registryCommand(program, 'rm <name>', 'remove a function, or its old versions')
    .option('--older-than <version>', 'only versions below this one that no alias uses')
    .option('--yes', 'do not ask')
    .action((name: string, options: RmOptions) =>
      withRegistry(options, async (registry, output) => {
        const { versions } = await findFunction(registry, name);
        const below = options.olderThan && checkVersion(Number(options.olderThan), name);
        if (below) {
          const { removed, kept } = await registry.prune(name, below, [], currentAuthor());
          for (const { version, reason } of kept) output.talk(`kept ${name}@${version}: ${reason}`);
          output.result({ name, removed, kept }, [
            `removed versions of ${name}: ${removed.join(', ') || 'none'}`,
          ]);
          return;
        }
        await confirm(
          `remove ${name} with all its versions (${versions.length})?`,
          options.yes === true,
        );
        await registry.delete(name, currentAuthor());
        output.result({ name, removed: versions, kept: [] }, [`removed ${name}`]);
      }),
    );
}

/** @throws ScatterError `CONFIG_INVALID` when nobody can be asked, `ABORTED` for a no */
async function confirm(question: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY) {
    throw new ScatterError('SCATTER_ERR_CONFIG_INVALID', `${question} say so with --yes`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} [y/N] `);
  terminal.close();
  if (!/^y(es)?$/i.test(answer.trim())) {
    throw new ScatterError('SCATTER_ERR_ABORTED', 'nothing was removed');
  }
}
