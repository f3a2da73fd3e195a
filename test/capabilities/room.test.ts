import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import {
  CALL_BYTES,
  CapabilityRoom,
  INSTANCE_BYTES,
  releaseAfter,
} from '../../src/capability-room.ts';
import { liveBytes } from '../codec/fuzz/collect-garbage.ts';
import { gate } from '../library/support.ts';
import { servedCode } from './support.ts';

const MIB = 2 ** 20;

test('one call has 64 MiB, and a single value has room however large it is', () => {
  const room = CapabilityRoom.ofInstance().ofCall();
  const large = room.take(100 * MIB);
  assert.equal(room.take(1), undefined);
  large?.();
  // Twice is as once.
  large?.();
  assert.ok(room.take(CALL_BYTES - 1));
  assert.ok(room.take(1));
  assert.equal(room.take(1), undefined);
});

test('the calls of an instance have 256 MiB together', () => {
  const instance = CapabilityRoom.ofInstance();
  const calls = Array.from({ length: INSTANCE_BYTES / CALL_BYTES }, () => instance.ofCall());
  const taken = calls.map((call) => call.take(CALL_BYTES));
  assert.ok(taken.every(Boolean));
  const late = instance.ofCall();
  assert.equal(late.fits(1), false);
  assert.equal(late.take(1), undefined);
  taken[0]?.();
  assert.ok(late.take(CALL_BYTES));
  assert.ok(CapabilityRoom.ofInstance().ofCall().take(1));
});

test('what an implementation works on counts until it has answered', async () => {
  const room = CapabilityRoom.ofInstance().ofCall();
  for (const settle of ['resolve', 'reject'] as const) {
    const working = Promise.withResolvers<unknown>();
    releaseAfter(working.promise, room.take(CALL_BYTES) ?? assert.fail('no room'));
    await setImmediate();
    assert.equal(room.fits(1), false);
    working[settle](new Error('done'));
    await setImmediate();
    assert.equal(room.fits(1), true);
  }
});

test('and no longer than it can answer', async () => {
  const room = CapabilityRoom.ofInstance().ofCall();
  releaseAfter(new Promise(() => undefined), room.take(CALL_BYTES) ?? assert.fail('no room'));
  for (let round = 0; round < 50 && !room.fits(1); round += 1) {
    liveBytes();
    await setImmediate();
  }
  assert.equal(room.fits(1), true);
});

test('heavy arguments are refused while others are worked on, and taken when those are done', async () => {
  const opened = gate();
  let working = 0;
  const db = {
    work: async () => {
      working += 1;
      await opened.passed;
    },
  };
  // A set weighs far more than its bytes.
  const code = `($scatter) => { const db = $scatter.capability(0); return async () => {
    const heavy = Array(500_000).fill(new Set());
    const ask = (argument) => db.work(argument).then(() => 'ok', (error) => error.code);
    return Promise.all([ask(heavy), ask(heavy), ask('light')]);
  } }`;
  const fn = await servedCode(code, db);
  const opening = setTimeout(opened.open, 1000);
  const exhausted = 'SCATTER_ERR_CAPABILITY_EXHAUSTED';
  assert.deepEqual(await fn(), ['ok', exhausted, exhausted]);
  clearTimeout(opening);
  assert.equal(working, 1);
  assert.equal(((await fn()) as unknown[])[0], 'ok');
});

test('answers that a busy guest does not take count, too', async () => {
  const code = `($scatter) => { const db = $scatter.capability(0); return async () => {
    const asked = Array.from({ length: 40 }, () => db.large().then(() => 'ok', (e) => e.code));
    // The requests leave before this begins.
    await new Promise((resolve) => setTimeout(resolve, 1));
    const end = Date.now() + 500;
    while (Date.now() < end);
    const ends = await Promise.all(asked);
    const again = await db.large();
    return { refused: ends.filter((end) => end !== 'ok'), again: again.length };
  } }`;
  const fn = await servedCode(code, { large: () => new Uint8Array(7 * MIB) });
  const { refused, again } = (await fn()) as { refused: string[]; again: number };
  assert.equal(again, 7 * MIB);
  assert.ok(refused.length >= 20, `${refused.length} of 40 were refused`);
  assert.deepEqual([...new Set(refused)], ['SCATTER_ERR_CAPABILITY_EXHAUSTED']);
});
