import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeValue } from '../../src/codec/encode.ts';
import { isScatterError } from '../../src/errors.ts';
import { call, failsWith, guest, startPool, until } from './support.ts';

test('timers that a settled call leaves behind cost the next calls no memory', async () => {
  const pool = startPool();
  const leaving = guest(
    'leaving',
    '(text) => { setTimeout(() => text, 60000); return text.length; }',
  );
  const text = 'x'.repeat(20_000);
  for (let index = 0; index < 1500; index += 1) {
    assert.equal(await call(pool, leaving, [text], { limits: { memoryMb: 8 } }), 20_000);
  }
});

test('a function whose load throws leaves no isolate behind', async () => {
  const pool = startPool();
  const throws = guest('throws', '(() => { throw new RangeError("at load"); })()');
  for (let index = 0; index < 5; index += 1) {
    await assert.rejects(call(pool, throws), failsWith('GUEST_THREW'));
  }
  await until(() => pool.stats().isolates === 0, 'the isolates are gone');
});

test('calls that gave up their place in the queue do not count as waiting', async () => {
  const pool = startPool({ maxQueue: 10 });
  const wait = guest('wait', '(ms) => new Promise((resolve) => setTimeout(resolve, ms))');
  const echo = guest('echo', '(value) => value');
  await call(pool, wait, [0]);
  await call(pool, echo, [0]);
  const limits = { maxConcurrency: 1 };
  const stop = new AbortController();
  const given = new AbortController();
  const running = call(pool, wait, [60_000], { limits, signal: stop.signal });
  const waiting = Array.from({ length: 10 }, () =>
    call(pool, wait, [1], { limits, signal: given.signal }),
  );
  const refused = Promise.all(waiting.map((one) => assert.rejects(one, failsWith('ABORTED'))));
  await assert.rejects(call(pool, wait, [1], { limits }), failsWith('POOL_OVERLOADED'));
  given.abort();
  await refused;
  assert.equal(pool.stats().queued, 0);
  assert.equal(await call(pool, echo, ['served']), 'served');
  stop.abort();
  await assert.rejects(running, failsWith('ABORTED'));
});

test('a call that waits for a link answer goes on as itself when others came and went', async () => {
  const pool = startPool();
  const base = guest('outer', '() => 1');
  const linked = {
    ...base,
    artifact: {
      ...base.artifact,
      links: ['inner'],
      code: '($scatter) => { const link = $scatter.link(0); return async (slow) => slow ? [await link(1), await link(2)] : []; }',
    },
  };
  let answer: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const open: (() => void)[] = [];
  const onLink = (): Promise<Uint8Array> => {
    answer();
    return new Promise((resolve) => {
      open.push(() => resolve(encodeValue('answer', { root: '', maxBytes: 100 })));
    });
  };
  assert.deepEqual(await call(pool, linked, [false]), []);
  const slow = call(pool, linked, [true], { onLink, limits: { timeoutMs: 20_000 } });
  await asked;
  assert.deepEqual(await call(pool, linked, [false]), []);
  open.shift()?.();
  await until(() => open.length > 0, 'the second request came');
  open.shift()?.();
  assert.deepEqual(await slow, ['answer', 'answer']);
});

test('whatever a linked function throws reaches the caller as an error and never the host', async () => {
  const pool = startPool();
  const base = guest('outer', '() => 1');
  const outer = {
    ...base,
    digest: 'outer',
    artifact: {
      ...base.artifact,
      links: ['inner'],
      code: '($scatter) => async () => { try { await $scatter.link(0)(); } catch (error) { return [error.name, error.message]; } }',
    },
  };
  const inner = guest('inner', '() => { throw new Uint8Array(100000); }');
  const answer = await call(pool, outer, [], {
    onLink: async () => {
      await call(pool, inner, [], { nested: true });
      throw new Error('the inner call did not throw');
    },
  });
  assert.equal((answer as string[])[0], 'NonError');
  const raw = await call(pool, outer, [], {
    onLink: () => Promise.reject(new Error('host secret')),
  });
  assert.doesNotMatch(String(raw), /secret/);
  assert.ok(!isScatterError(raw));
});
