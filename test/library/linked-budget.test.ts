import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LinkedCalls } from '../../src/linked-calls.ts';

const MIB = 1024 * 1024;
const never = (): Promise<never> => new Promise(() => undefined);

function startLinked(): { linked: LinkedCalls; ofAll: { waiting: number } } {
  const ofAll = { waiting: 0 };
  return { linked: new LinkedCalls(ofAll), ofAll };
}

function exhausted(call: Promise<unknown>): Promise<void> {
  return assert.rejects(call, { code: 'SCATTER_ERR_CALL_EXHAUSTED', retryable: false });
}

test('one call makes 10,000 calls of other functions, and no more', async () => {
  const { linked } = startLinked();
  const call = { reference: 'other', depth: 1, bytes: 1 };
  for (let n = 0; n < 10_000; n += 1) assert.equal(await linked.run(call, async () => n), n);
  await exhausted(linked.run(call, async () => 1));
});

test('arguments that wait are bounded for one outermost call, and for all of an instance', async () => {
  const { linked, ofAll } = startLinked();
  const call = { reference: 'other', depth: 1, bytes: 60 * MIB };
  void linked.run(call, never);
  await exhausted(linked.run({ ...call, bytes: 5 * MIB }, never));
  for (let trees = 0; trees < 3; trees += 1) void new LinkedCalls(ofAll).run(call, never);
  await exhausted(new LinkedCalls(ofAll).run({ ...call, bytes: 20 * MIB }, never));
  assert.equal(ofAll.waiting, 240 * MIB);
});

test('what has been answered waits no longer', async () => {
  const { linked, ofAll } = startLinked();
  const call = { reference: 'other', depth: 1, bytes: 60 * MIB };
  for (let n = 0; n < 5; n += 1) await linked.run(call, async () => n);
  assert.equal(ofAll.waiting, 0);
});

test('64 run at a time at each depth, so that those which wait for deeper ones never keep them', async () => {
  const { linked } = startLinked();
  let running = 0;
  let most = 0;
  const run = (depth: number): Promise<void> =>
    linked.run({ reference: 'other', depth, bytes: 0 }, async () => {
      running += 1;
      most = Math.max(most, running);
      if (depth < 3) await run(depth + 1);
      else await new Promise(setImmediate);
      running -= 1;
    });
  await Promise.all(Array.from({ length: 300 }, () => run(1)));
  assert.ok(most > 64 && most <= 3 * 64, `${most} at a time`);
});

test('after the outermost call has ended nothing begins in its name', async () => {
  const { linked } = startLinked();
  let began = 0;
  const call = { reference: 'other', depth: 1, bytes: 0 };
  for (let n = 0; n < 100; n += 1) {
    const made = linked.run(call, () => {
      began += 1;
      return never();
    });
    made.catch(() => undefined);
  }
  linked.end();
  await assert.rejects(
    linked.run(call, async () => 1),
    { code: 'SCATTER_ERR_ABORTED' },
  );
  await new Promise(setImmediate);
  assert.equal(began, 0);
});
