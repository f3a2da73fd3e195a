/** What the Python program of the same name shows first: a loop whose every turn makes a function. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createScatter } from '../../src/index.ts';
import { silentLogger } from '../library/support.ts';
import { withFolder } from '../registry/temporary-folder.ts';

const PROGRAM = fileURLToPath(new URL('./loop.program.ts', import.meta.url));
const WORDS = ['in', 'brightest', 'day', 'in blackest', 'night'];

interface Served {
  readonly version: number;
  readonly result: string;
}

test(
  'five closures over a loop variable, pushed one after the other, are each served by another process',
  withFolder(async (folder) => {
    const path = join(folder, 'registry.db');
    const scatter = createScatter({ url: `sqlite:${path}`, logger: silentLogger });
    const remote = startRemote(path);
    try {
      for (const [index, word] of WORDS.entries()) {
        const tracked = scatter.track(function superFunc(): string {
          return word;
        });
        assert.equal((await tracked.push()).version, index + 1);
        const expected = { version: index + 1, result: word };
        assert.deepEqual(await remote.ask(`superFunc ${index + 1}`), expected);
        assert.equal(tracked(), word);
      }
      for (const [index, result] of WORDS.entries()) {
        const version = index + 1;
        assert.deepEqual(await remote.ask(`superFunc@${version}`), { version, result });
      }
      assert.deepEqual(await remote.end(), [0, null]);
    } finally {
      remote.kill();
      await scatter.close();
    }
  }),
);

test(
  'closures of one loop that are pushed under names of their own are one version each',
  withFolder(async (folder) => {
    const path = join(folder, 'registry.db');
    const scatter = createScatter({ url: `sqlite:${path}`, logger: silentLogger });
    const remote = startRemote(path);
    try {
      const all = WORDS.map((word, index) =>
        scatter.track((): string => word, { name: `word-${index}` }),
      );
      await scatter.push(all);
      for (const [index, result] of WORDS.entries()) {
        assert.deepEqual(await remote.ask(`word-${index}`), { version: 1, result });
      }
      assert.deepEqual(await remote.end(), [0, null]);
    } finally {
      remote.kill();
      await scatter.close();
    }
  }),
);

function startRemote(path: string) {
  const child = spawn(process.execPath, [PROGRAM, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = once(child, 'close');
  return {
    async ask(line: string): Promise<Served> {
      child.stdin.write(`${line}\n`);
      const { value } = await lines.next();
      return JSON.parse(String(value)) as Served;
    },
    end(): Promise<unknown[]> {
      child.stdin.end();
      return ended;
    },
    kill(): void {
      child.kill('SIGKILL');
    },
  };
}
