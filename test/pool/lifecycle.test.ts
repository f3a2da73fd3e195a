import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, failsWith, guest, isAlive, startPool, until } from './support.ts';

const echo = guest('echo', '(value) => value');

test('a pool starts nothing before it is used', () => {
  const pool = startPool();
  assert.deepEqual(pool.stats().pids, []);
});

test('close() lets running calls finish, refuses new ones and leaves no process', async () => {
  const pool = startPool();
  const slow = guest('slow', '() => new Promise((resolve) => setTimeout(() => resolve(7), 50))');
  await call(pool, echo, [1]);
  const [pid] = pool.stats().pids;
  const running = call(pool, slow);
  const closed = pool.close();
  await assert.rejects(call(pool, echo, [1]), failsWith('POOL_CLOSED'));
  assert.equal(await running, 7);
  await closed;
  await pool.close();
  assert.ok(pid !== undefined && !isAlive(pid));
});

test('a retired function finishes its calls, then its isolates go', async () => {
  const pool = startPool();
  const slow = guest('slow', '() => new Promise((resolve) => setTimeout(() => resolve(7), 30))');
  await call(pool, slow);
  const running = call(pool, slow);
  pool.retire(slow);
  assert.equal(await running, 7);
  await until(() => pool.stats().isolates === 0, 'the isolate is gone');
});

test('partitions do not share an isolate, calls of one partition do', async () => {
  const pool = startPool();
  const counter = guest('counter', '(() => { let calls = 0; return () => (calls += 1); })()');
  assert.equal(await call(pool, counter, [], { partition: 'a' }), 1);
  assert.equal(await call(pool, counter, [], { partition: 'a' }), 2);
  assert.equal(await call(pool, counter, [], { partition: 'b' }), 1);
});

test('freshIsolate gives every call an isolate of its own and leaves none', async () => {
  const pool = startPool();
  const counter = guest('counter', '(() => { let calls = 0; return () => (calls += 1); })()');
  const limits = { freshIsolate: true };
  assert.equal(await call(pool, counter, [], { limits }), 1);
  assert.equal(await call(pool, counter, [], { limits }), 1);
  await until(() => pool.stats().isolates === 0, 'the isolates are gone');
});

test('a guest whose code does not load rejects with what went wrong', async () => {
  const pool = startPool();
  await assert.rejects(call(pool, guest('broken', '(')), failsWith('GUEST_THREW'));
  await assert.rejects(call(pool, guest('data', '42')), failsWith('SOURCE_INVALID'));
  const throws = guest('throws', '(() => { throw new RangeError("at load"); })()');
  await assert.rejects(call(pool, throws), failsWith('GUEST_THREW', { function: 'throws' }));
});

test('env names given to the pool are all that process has in a guest', async () => {
  const pool = startPool({ env: { COLOUR: 'blue' } });
  const reader = guest(
    'reader',
    '() => [process.env.COLOUR, process.env.PATH, Object.keys(process)]',
  );
  assert.deepEqual(await call(pool, reader), ['blue', undefined, ['env']]);
});
