import type { Command } from 'commander';
import { createScatter, type Scatter, type ScatterOptions } from '../src/index.ts';
import { findOutput, type Output } from './output.ts';

/** The options that every command takes. */
export interface CommonOptions {
  readonly url?: string;
  readonly namespace?: string;
  readonly json?: boolean;
}

/** Adds a command with the options that all have. */
export function registryCommand(program: Command, usage: string, description: string): Command {
  return program
    .command(usage)
    .description(description)
    .option('--url <url>', 'the registry; default $SCATTER_URL, $REDIS_URL or .scatter/scatter.db')
    .option('--namespace <name>', 'default $SCATTER_NAMESPACE or `default`')
    .option('--json', 'print one JSON object');
}

/** What to connect with. */
export function connectionOptions({ url, namespace }: CommonOptions): ScatterOptions {
  return {
    // Who looks at a registry or steers it wants the registry itself.
    cacheDir: false,
    snapshot: false,
    ...(url !== undefined && { url }),
    ...(namespace !== undefined && { namespace }),
  };
}

/** Runs `act` with an instance that is closed afterwards, whatever happens. */
export async function withScatter(
  options: CommonOptions,
  act: (scatter: Scatter, output: Output) => Promise<void>,
): Promise<void> {
  await using scatter = createScatter({ ...connectionOptions(options), announce: false });
  await act(scatter, findOutput(options.json === true));
}
