/** Thousands of intervals of a millisecond: the thread has other work to do, too. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, failsWith, guest, startPool } from '../pool/support.ts';

const neighbour = guest('neighbour', '(n) => n');
const later = guest('later', '(ms) => new Promise((done) => setTimeout(done, ms, ms))');
const flooding = guest(
  'flooding',
  `(n) => { for (let i = 0; i < n; i += 1) setInterval(() => {}, 0); return new Promise(() => {}); }`,
);

test('a neighbour on the same lane is answered while the intervals of many calls are due', async () => {
  const pool = startPool();
  await call(pool, neighbour, [0]);
  await call(pool, later, [0]);
  const limits = { timeoutMs: 4000, cpuMs: 20_000 };
  const flood = Array.from({ length: 20 }, (_, index) =>
    assert.rejects(
      call(pool, flooding, [4000], { limits, partition: `${index % 4}` }),
      failsWith('GUEST_TIMEOUT'),
    ),
  );
  let answers = 0;
  let isOver = false;
  const over = Promise.allSettled(flood).then(() => {
    isOver = true;
  });
  while (!isOver) {
    assert.equal(await call(pool, neighbour, [answers]), answers);
    assert.equal(await call(pool, later, [5]), 5);
    answers += 1;
  }
  await over;
  assert.ok(answers > 20, `${answers} answers meanwhile`);
  assert.equal(pool.stats().restarts, 0);
});

test('a timer that is cleared when it is due already does not fire', async () => {
  const pool = startPool();
  const clearing = guest(
    'clearing',
    `() => new Promise((done) => {
      const fired = [];
      const timers = ['a', 'b'].map((name, own) => setTimeout(() => { fired.push(name); clearTimeout(timers[1 - own]); }, 1));
      const until = Date.now() + 20;
      while (Date.now() < until);
      setTimeout(() => done(fired), 20);
    })`,
  );
  assert.deepEqual(await call(pool, clearing), ['a']);
});

test("another function's timers are not kept waiting by thousands that are due before them", async () => {
  const pool = startPool();
  await call(pool, later, [0]);
  const busy = guest(
    'busy',
    `(n) => { if (n === 0) return 0; const turn = () => { const end = Date.now() + 2; while (Date.now() < end); };
      for (let i = 0; i < n; i += 1) setTimeout(turn, 1); return new Promise(() => {}); }`,
  );
  // So that it is known as quick, and not called one at a time.
  await call(pool, busy, [0]);
  const limits = { timeoutMs: 4000, cpuMs: 20_000 };
  const open = Array.from({ length: 8 }, (_, index) =>
    assert.rejects(
      call(pool, busy, [1000], { limits, partition: `${index}` }),
      failsWith('GUEST_TIMEOUT'),
    ),
  );
  let answers = 0;
  let isOver = false;
  const over = Promise.all(open).then(() => {
    isOver = true;
  });
  while (!isOver) {
    assert.equal(await call(pool, later, [1]), 1);
    answers += 1;
  }
  await over;
  // All of theirs take 16 s, in the order in which they are due.
  assert.ok(answers > 20, `${answers} answers meanwhile`);
});
