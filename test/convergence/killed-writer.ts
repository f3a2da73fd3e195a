import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ModelPush } from './model.ts';
import type { Place } from './subscriber.ts';

const PROGRAM = fileURLToPath(new URL('writer.program.ts', import.meta.url));

/**
 * Has another process push one after the other, and kills it some time after so many were done.
 *
 * @param turns of the event loop until then
 * @returns the ids of those that the process was told were done
 */
export async function killWriter(
  { url, namespace }: Place,
  pushes: readonly ModelPush[],
  o: { readonly done: number; readonly turns: number },
): Promise<string[]> {
  const given = [PROGRAM, url, namespace, JSON.stringify(pushes)];
  const child = spawn(process.execPath, given, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const told: string[] = [];
  const lines = createInterface(child.stdout);
  const kill = async () => {
    for (let turn = 0; turn < o.turns; turn++) await new Promise(setImmediate);
    child.kill('SIGKILL');
  };
  lines.on('line', (line) => {
    told.push(line);
    if (told.length === o.done) kill();
  });
  await ended;
  return told;
}
