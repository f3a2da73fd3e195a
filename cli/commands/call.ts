import type { Command } from 'commander';
import { ScatterError } from '../../src/errors.ts';
import { toJson } from '../json.ts';
import { type CommonOptions, registryCommand, withScatter } from '../registry-command.ts';

export function addCall(program: Command): void {
  registryCommand(program, 'call <reference> [arguments...]', 'call a function once')
    .addHelpText('after', '\nArguments are JSON:\n  scatter call price \'{"items":[]}\' 3')
    .action((reference: string, given: string[], options: CommonOptions) =>
      withScatter(options, async (scatter, output) => {
        const args = given.map(readJson);
        const fn = await scatter.get(reference);
        const logged = fn.with({ onLog: (line) => output.talk(line.text) });
        const result = await logged(...args);
        const shown = result === undefined ? 'undefined' : toJson(result, 2);
        // A JSON object has no undefined: the field would be missing.
        const told = { function: fn.name, version: fn.version, result: result ?? null };
        output.result(told, [shown]);
      }),
    );
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ScatterError(
      'SCATTER_ERR_CONFIG_INVALID',
      `the argument ${text} is not JSON; a string needs quotes of its own: '"${text}"'`,
      { cause: error },
    );
  }
}
