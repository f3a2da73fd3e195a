import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { currentAuthor } from '../../src/author.ts';
import type { Prepared } from '../../src/push-item.ts';
import { checkExpectedLatest } from '../../src/registry/function-state.ts';
import type { Registry } from '../../src/registry/registry.ts';
import { prepareFunctions } from '../file-functions.ts';
import type { Output } from '../output.ts';
import { type Comparison, compare, dryRunLines, outcomeOf, pushedLine } from '../push-report.ts';
import { withRegistryIfThere, withRegistryToWrite } from '../registry-access.ts';
import { type CommonOptions, registryCommand } from '../registry-command.ts';
import { prepareSourceFile, type SourceFileOptions } from '../source-file.ts';
import { wrongUsage } from '../wrong-usage.ts';

interface PushOptions extends CommonOptions, SourceFileOptions {
  readonly source?: boolean;
  readonly dryRun?: boolean;
  readonly message?: string;
  readonly expectLatest?: string;
}

const HELP = `
Without --source, FILE is imported, which runs it. The functions it exports are pushed as they are then,
all in one step, with what they use: tracked ones by their names, others by the names of their exports,
\`default\` by its own name or that of the file.

With --source, FILE and the modules beside it that it imports are pushed as text and never run.

Examples:
  scatter push src/rules.ts --dry-run
  scatter push src/rules.ts price shipping --message "new rates"
  scatter push customer/discount.ts customer-7/discount --source --capability db`;

export function addPush(program: Command): void {
  registryCommand(program, 'push <file> [names...]', 'push the functions of a file')
    .option('--source', 'push the text of the file, without running it')
    .option('--export <name>', 'with --source: the export that is the function')
    .option('--capability <name...>', 'with --source: what the code is to have')
    .option(
      '--dry-run',
      'write nothing; list what would be pushed, and what each function captured',
    )
    .option('--message <text>', 'for the log')
    .option('--expect-latest <version>', 'push only if `latest` is there; 0: only a new function')
    .addHelpText('after', HELP)
    .action(async (file: string, names: string[], options: PushOptions) => {
      const prepared = await prepareAll(file, names, options);
      if (options.dryRun === true) return preview(prepared, options);
      await withRegistryToWrite(options, (registry, output) =>
        push(prepared, options, registry, output),
      );
    });
}

async function prepareAll(
  file: string,
  names: readonly string[],
  options: PushOptions,
): Promise<readonly Prepared[]> {
  const expectLatest = readExpected(options.expectLatest);
  const prepared =
    options.source === true
      ? [await prepareSourceFile(file, names, options)]
      : await prepareFunctions(file, names, options);
  if (expectLatest === undefined) return prepared;
  if (prepared.length > 1) {
    throw wrongUsage(`--expect-latest is for one function, and ${file} has several; name one`);
  }
  return prepared.map(({ item, artifact }) => ({ item: { ...item, expectLatest }, artifact }));
}

function readExpected(text: string | undefined): number | undefined {
  if (text === undefined || /^\d{1,15}$/.test(text))
    return text === undefined ? text : Number(text);
  throw wrongUsage(`--expect-latest is ${JSON.stringify(text)}; give a version, or 0 for none`);
}

async function preview(prepared: readonly Prepared[], options: PushOptions): Promise<void> {
  await withRegistryIfThere(options, async (registry, output) => {
    const comparisons = await compareAll(prepared, registry);
    for (const { item, latest } of comparisons) {
      checkExpectedLatest({ name: item.name, latest: latest ?? 0 }, item.expectLatest);
    }
    const functions = comparisons.map((one) => ({
      ...outcomeOf(one, one.latest),
      captured: one.artifact.origin.captured,
    }));
    output.result({ dryRun: true, functions }, comparisons.flatMap(dryRunLines));
  });
}

async function push(
  prepared: readonly Prepared[],
  { message }: PushOptions,
  registry: Registry,
  output: Output,
): Promise<void> {
  const comparisons = await compareAll(prepared, registry);
  const infos = await registry.push({
    id: randomUUID(),
    items: prepared.map(({ item }) => item),
    updateExisting: true,
    author: currentAuthor(),
    ...(message !== undefined && { message }),
  });
  const outcomes = comparisons.map((one, index) => outcomeOf(one, infos[index]?.version));
  output.result({ dryRun: false, functions: outcomes }, outcomes.map(pushedLine));
}

function compareAll(
  prepared: readonly Prepared[],
  registry: Registry | undefined,
): Promise<Comparison[]> {
  return Promise.all(prepared.map((one) => compare(one, registry)));
}
