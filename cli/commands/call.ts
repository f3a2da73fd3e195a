import type { Command } from 'commander';
import { ScatterError } from '../../src/errors.ts';
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
        const shown = JSON.stringify(result, plain, 2) ?? 'undefined';
        output.result({ function: fn.name, version: fn.version, result: plainCopy(result) }, [
          shown,
        ]);
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

function plainCopy(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, plain) ?? 'null');
}

/** What JSON has no word for, as what is nearest to it. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Map) return [...value];
  if (value instanceof Set) return [...value];
  if (value instanceof Error) return { name: value.name, message: value.message };
  return value;
}
