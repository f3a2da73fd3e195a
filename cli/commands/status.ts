import { type Command, InvalidArgumentError } from 'commander';
import { readFleet } from '../../src/fleet.ts';
import { type FleetStatus, shownBehind } from '../../src/model/fleet-status.ts';
import { fleetLines } from '../fleet-lines.ts';
import type { Output } from '../output.ts';
import { withRegistry } from '../registry-access.ts';
import { type CommonOptions, registryCommand } from '../registry-command.ts';

interface StatusCommandOptions extends CommonOptions {
  readonly wait?: boolean;
  /** In seconds. */
  readonly timeout: number;
}

/** Nobody needs to be told of a wait that is shorter. */
const PATIENCE_MS = 500;

export function addStatus(program: Command): void {
  registryCommand(program, 'status', 'which programs share the registry, and what they run')
    .option('--wait', 'until all have applied what the registry has now')
    .option('--timeout <seconds>', 'how long to wait', readSeconds, 30)
    .addHelpText('after', '\nExamples:\n  scatter status\n  scatter status --wait --timeout 60')
    .action((options: StatusCommandOptions) =>
      // Not with an instance: that would be one of those that are shown.
      withRegistry(options, async (registry, output) => {
        const { wait = false, timeout } = options;
        const tell = tellLater(output);
        const status = await readFleet(registry, { wait, timeoutMs: timeout * 1000 }, tell);
        output.result(status, fleetLines(status, new Date()));
      }),
    );
}

function tellLater(output: Output): (status: FleetStatus) => void {
  const start = performance.now();
  let told = '';
  return (status) => {
    const line = `waiting for ${shownBehind(status)} to reach epoch ${status.epoch}`;
    if (line === told || performance.now() - start < PATIENCE_MS) return;
    told = line;
    output.talk(line);
  };
}

function readSeconds(text: string): number {
  // `Number` takes an empty text for 0.
  const seconds = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds;
  throw new InvalidArgumentError('It must be a number of seconds from 0.');
}
