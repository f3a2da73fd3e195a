/**
 * Uses the registry at `PATH` as a user to whom permission bits apply: root gives its rights up first.
 * Answers each line of standard input by one line: `names`, `push NAME`, `announce`
 * or `instances`; ends with the input.
 */
import { createInterface } from 'node:readline';
import { isScatterError } from '../../src/errors.ts';
import type { Registry } from '../../src/registry/registry.ts';
import { openSqlite } from '../../src/registry/sqlite.ts';
import { item, request } from '../contract/push-requests.ts';

const NOBODY = 65_534;
const path = process.argv[2] ?? '';
if (process.getuid?.() === 0) {
  process.setgroups?.([]);
  process.setgid?.(NOBODY);
  process.setuid?.(NOBODY);
}

const program = { id: 'one', host: 'web-1', pid: 1, startedAt: new Date(), scatter: '0.1.0' };
const report = { ...program, generation: 'g', epoch: 0, functions: [] };
let registry: Registry | undefined;
let hints = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const [command = '', name = ''] = line.split(' ');
  process.stdout.write(`${await attempt(command, name)}\n`);
}
await registry?.close();

async function attempt(command: string, name: string): Promise<string> {
  try {
    return await answer(command, name);
  } catch (error) {
    if (isScatterError(error)) return error.code;
    throw error;
  }
}

async function answer(command: string, name: string): Promise<string> {
  registry ??= await watched(path);
  if (command === 'push') await registry.push(request([item(name, name)]));
  if (command === 'announce') await registry.announce(report, 60_000);
  if (command === 'instances') return String((await registry.instances()).length);
  const names = (await registry.list()).map((record) => record.name);
  return command === 'hinted' ? String(hints > 0) : names.join(' ');
}

async function watched(file: string): Promise<Registry> {
  const opened = await openSqlite(file, 'default');
  opened.watch(() => {
    hints += 1;
  });
  return opened;
}
