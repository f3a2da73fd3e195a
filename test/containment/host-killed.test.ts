import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { until } from '../redis/servers/until.ts';
import { isRunning } from './counts.ts';

const PROGRAM = fileURLToPath(new URL('loop.program.ts', import.meta.url));
const started: ChildProcess[] = [];
after(() => {
  for (const child of started) child.kill('SIGKILL');
});

const BODIES: Readonly<Record<string, string>> = {
  'in a built-in that cannot be interrupted': '[].indexOf.call({ length: 2 ** 53 - 1 }, 1);',
  'in a loop': 'for (;;);',
  'in microtasks': 'for (;;) await 0;',
  'waiting for ever': 'await new Promise(() => setInterval(() => {}, 1));',
};

/** The program, and its executor once the guest is at work in there. */
async function startProgram(body: string): Promise<{ host: ChildProcess; executor: number }> {
  const host = spawn(process.execPath, [PROGRAM, body], { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(host);
  assert.ok(host.stdout !== null);
  const [line] = (await once(createInterface({ input: host.stdout }), 'line')) as [string];
  return { host, executor: Number(line) };
}

describe('an executor ends after its host was killed, with a guest', () => {
  for (const [title, body] of Object.entries(BODIES)) test(title, () => endsWith('SIGKILL', body));
});

test('an executor with a guest that hangs ends after its host was terminated', () =>
  endsWith('SIGTERM', '[].indexOf.call({ length: 2 ** 53 - 1 }, 1);'));

async function endsWith(signal: NodeJS.Signals, body: string): Promise<void> {
  const { host, executor } = await startProgram(body);
  assert.ok(executor > 0 && isRunning(executor));
  const exit = once(host, 'exit');
  host.kill(signal);
  await exit;
  await until(`the end of executor ${executor}`, () => !isRunning(executor) || undefined);
}
