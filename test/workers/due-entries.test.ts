import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DueEntries } from '../../workers/due-entries.ts';

test('functions take turns, and each keeps its own order', async () => {
  const due = new DueEntries();
  const ran: string[] = [];
  const add = (owner: string, text: string): void => due.add(owner, () => ran.push(text));
  for (let n = 1; n <= 3; n += 1) add('many', `many ${n}`);
  add('one', 'one 1');
  add('two', 'two 1');
  add('two', 'two 2');
  await new Promise<void>((resolve) => due.add('many', resolve));
  assert.deepEqual(ran, ['many 1', 'one 1', 'two 1', 'many 2', 'two 2', 'many 3']);
});

test('what comes while others run has its turn, too, and I/O in between', async () => {
  const due = new DueEntries();
  let turns = 0;
  let immediates = 0;
  const look = setInterval(() => {
    immediates += 1;
  }, 0);
  await new Promise<void>((resolve) => {
    const again = (): void => {
      const until = performance.now() + 3;
      while (performance.now() < until);
      turns += 1;
      if (turns < 20) due.add('busy', again);
      else resolve();
    };
    due.add('busy', again);
  });
  clearInterval(look);
  assert.ok(immediates > 3, `${immediates} turns of the event loop`);
});
