import { createInterface } from 'node:readline';
import { ScatterError } from '../src/errors.ts';

/**
 * Asks on a terminal, unless `yes` says that the answer is known.
 *
 * @throws ScatterError `CONFIG_INVALID` when nobody can be asked, `ABORTED` for anything but a yes
 */
export async function confirm(question: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY) {
    throw new ScatterError(
      'SCATTER_ERR_CONFIG_INVALID',
      `"${question}" cannot be asked without a terminal; say yes with --yes`,
    );
  }
  if (await isAgreed(question, process.stdin, process.stderr)) return;
  throw new ScatterError(
    'SCATTER_ERR_ABORTED',
    `nothing was done: "${question}" was not answered with y`,
  );
}

/** Whether the first line of `input` is a yes; its end, Ctrl-C and Ctrl-D are a no. */
export async function isAgreed(
  question: string,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<boolean> {
  const terminal = createInterface({ input, output });
  try {
    const answer = await new Promise<string>((resolve) => {
      terminal.once('close', () => resolve(''));
      terminal.question(`${question} [y/N] `, resolve);
    });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
