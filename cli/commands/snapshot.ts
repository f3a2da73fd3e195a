import { resolve } from 'node:path';
import type { Command } from 'commander';
import { ScatterError } from '../../src/errors.ts';
import { parseReference } from '../../src/model/reference.ts';
import { writeSnapshot } from '../../src/registry/cache/snapshot.ts';
import type { SnapshotContent } from '../../src/registry/cache/snapshot-format.ts';
import { takeSnapshot } from '../../src/registry/cache/take-snapshot.ts';
import type { Registry } from '../../src/registry/registry.ts';
import { table } from '../output.ts';
import { withRegistry } from '../registry-access.ts';
import { type CommonOptions, registryCommand } from '../registry-command.ts';

interface SnapshotOptions extends CommonOptions {
  readonly out: string;
}

interface SnapshotFunction {
  readonly name: string;
  readonly latest: number;
  /** Those in the snapshot, ascending. */
  readonly versions: readonly number[];
}

export function addSnapshot(program: Command): void {
  registryCommand(
    program,
    'snapshot [references...]',
    'write functions to a file that programs start from while the registry is away',
  )
    .requiredOption('--out <file>', 'the file to write')
    .addHelpText(
      'after',
      '\nWithout references it takes all functions; what functions call goes with them.\n' +
        'Programs use it with `snapshot: FILE` in their options, or with $SCATTER_SNAPSHOT.\n' +
        'Examples:\n  scatter snapshot --out functions.snapshot\n' +
        '  scatter snapshot --out functions.snapshot price tax@3',
    )
    .action((texts: string[], options: SnapshotOptions) =>
      withRegistry(options, async (registry, output) => {
        const taken = await takeSnapshot(registry, texts.map(parseReference));
        if (taken.content.functions.length === 0) throw nothingThere(registry);
        const bytes = await writeSnapshot(resolve(options.out), taken);
        for (const link of taken.missing) output.talk(`${link} is called and not in the registry`);
        const { namespace, head } = taken.content;
        const functions = functionsOf(taken.content);
        const { generation, epoch } = head;
        const told = { file: options.out, bytes, namespace, generation, epoch, functions };
        const total = `${options.out}: ${functions.length} function${functions.length === 1 ? '' : 's'}, ${bytes} bytes`;
        output.result({ ...told, missing: taken.missing }, [...rowsOf(functions), total]);
      }),
    );
}

/** A program that starts from it would have nothing to start from. */
function nothingThere({ url, namespace }: Registry): ScatterError {
  return new ScatterError(
    'SCATTER_ERR_FUNCTION_NOT_FOUND',
    `there are no functions in ${namespace} of ${url}, and so nothing for a snapshot; check --url and ` +
      '--namespace',
  );
}

function functionsOf({ functions, versions }: SnapshotContent): SnapshotFunction[] {
  const numbers = Map.groupBy(versions, ({ name }) => name);
  return functions
    .map(({ name, latest }) => {
      const own = (numbers.get(name) ?? []).map(({ version }) => version);
      return { name, latest, versions: own.sort((a, b) => a - b) };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function rowsOf(functions: readonly SnapshotFunction[]): string[] {
  if (functions.length === 0) return [];
  return table(
    ['NAME', 'LATEST', 'VERSIONS'],
    functions.map(({ name, latest, versions }) => [name, `${latest}`, versions.join(', ')]),
  );
}
