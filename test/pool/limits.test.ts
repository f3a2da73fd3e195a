import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, failsWith, guest, startPool, until } from './support.ts';

const double = guest('double', '(n) => n * 2');

test('an endless loop ends with GUEST_TIMEOUT and its neighbour on the same lane is served', async () => {
  const pool = startPool();
  const loop = guest('loop', '() => { for (;;); }');
  const looping = call(pool, loop, [], { limits: { cpuMs: 50 } });
  const neighbour = call(pool, double, [21]);
  await assert.rejects(looping, failsWith('GUEST_TIMEOUT', { function: 'loop', version: 1 }));
  assert.equal(await neighbour, 42);
  assert.equal(pool.stats().restarts, 0);
});

test('endless microtasks end with GUEST_TIMEOUT', async () => {
  const pool = startPool();
  const loop = guest('microtasks', 'async () => { for (;;) await 0; }');
  await assert.rejects(call(pool, loop, [], { limits: { cpuMs: 50 } }), failsWith('GUEST_TIMEOUT'));
  assert.equal(await call(pool, double, [4]), 8);
});

test('an endless loop after a timer ends with GUEST_TIMEOUT', async () => {
  const pool = startPool();
  const loop = guest(
    'later',
    'async () => { await new Promise((resolve) => setTimeout(resolve, 5)); for (;;); }',
  );
  await assert.rejects(call(pool, loop, [], { limits: { cpuMs: 50 } }), failsWith('GUEST_TIMEOUT'));
  assert.equal(await call(pool, double, [4]), 8);
});

test('cpuMs also bounds the sum of many short entries', async () => {
  const pool = startPool();
  const busy = guest(
    'busy',
    `async () => {
      for (;;) {
        const end = Date.now() + 5;
        while (Date.now() < end);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    }`,
  );
  await assert.rejects(call(pool, busy, [], { limits: { cpuMs: 60 } }), failsWith('GUEST_TIMEOUT'));
});

test('a promise that never settles ends with GUEST_TIMEOUT, and its isolate goes', async () => {
  const pool = startPool();
  const never = guest('never', '() => new Promise(() => {})');
  // The start of the executor is no part of this.
  await pool.prepare({ target: never, partition: '', memoryMb: 64, cpuMs: 1000 });
  await assert.rejects(
    call(pool, never, [], { limits: { timeoutMs: 60 } }),
    failsWith('GUEST_TIMEOUT'),
  );
  await until(() => pool.stats().isolates === 0, 'the isolate is gone');
  assert.equal(pool.stats().inFlight, 0);
});

test('after a timeout the other open calls of the isolate finish in it', async () => {
  const pool = startPool();
  const mixed = guest(
    'mixed',
    `(kind) => kind === 'quick' ? kind
      : kind === 'open' ? new Promise((resolve) => setTimeout(() => resolve(kind), 150))
      : new Promise(() => {})`,
  );
  assert.equal(await call(pool, mixed, ['quick']), 'quick');
  const open = call(pool, mixed, ['open']);
  const never = call(pool, mixed, ['never'], { limits: { timeoutMs: 30 } });
  await assert.rejects(never, failsWith('GUEST_TIMEOUT'));
  assert.equal(await open, 'open');
  await until(() => pool.stats().isolates === 0, 'the isolate is gone');
});

test('a memory hog ends with GUEST_OUT_OF_MEMORY, the next call gets a new isolate', async () => {
  const pool = startPool();
  const hog = guest(
    'hog',
    `(greedy) => {
      const kept = [];
      while (greedy) {
        const part = [];
        for (let i = 0; i < 1000; i += 1) part[i] = i + 0.5;
        kept.push(part);
      }
      return 'modest';
    }`,
  );
  await assert.rejects(
    call(pool, hog, [true], { limits: { memoryMb: 16, cpuMs: 20_000 } }),
    failsWith('GUEST_OUT_OF_MEMORY'),
  );
  assert.equal(await call(pool, hog, [false], { limits: { memoryMb: 16 } }), 'modest');
});

test('others in the isolate of a memory hog get CALL_CUT_OFF', async () => {
  const pool = startPool();
  const shared = guest(
    'shared',
    `(kind) => {
      if (kind === 'quick') return kind;
      if (kind === 'open') return new Promise(() => {});
      const kept = [];
      for (;;) {
        const part = [];
        for (let i = 0; i < 1000; i += 1) part[i] = i + 0.5;
        kept.push(part);
      }
    }`,
  );
  const limits = { memoryMb: 16, cpuMs: 20_000 };
  assert.equal(await call(pool, shared, ['quick'], { limits }), 'quick');
  const open = call(pool, shared, ['open'], { limits });
  const hog = call(pool, shared, ['hog'], { limits });
  await Promise.all([
    assert.rejects(hog, failsWith('GUEST_OUT_OF_MEMORY')),
    assert.rejects(open, failsWith('CALL_CUT_OFF', { retryable: true })),
  ]);
});

test('a built-in that cannot be interrupted is killed: GUEST_TIMEOUT, and the pool serves on', async () => {
  const pool = startPool();
  const stuck = guest('stuck', '() => [].indexOf.call({ length: 2 ** 53 - 1 }, 1)');
  await assert.rejects(
    call(pool, stuck, [], { limits: { cpuMs: 50 } }),
    failsWith('GUEST_TIMEOUT', { function: 'stuck' }),
  );
  assert.equal(await call(pool, double, [21]), 42);
  assert.equal(pool.stats().restarts, 1);
});

test('a load that cannot be interrupted rejects prepare() with GUEST_TIMEOUT', async () => {
  const pool = startPool();
  const target = guest('stuck at load', '[].indexOf.call({ length: 2 ** 53 - 1 }, 1)');
  const use = { target, partition: '', memoryMb: 64, cpuMs: 50 };
  await assert.rejects(pool.prepare(use), failsWith('GUEST_TIMEOUT'));
  assert.equal(await call(pool, double, [21]), 42);
});

test('memory over the ceiling of the process ends the executor, and the pool serves on', async () => {
  const pool = startPool({ memoryMb: 150 });
  // Outside of V8's heap limit until isolated-vm looks, which it never does between these built-ins.
  const hog = guest('big', '() => { const kept = []; for (;;) kept.push(new Array(1000)); }');
  await assert.rejects(
    call(pool, hog, [], { limits: { cpuMs: 20_000, memoryMb: 1024 } }),
    failsWith('EXECUTOR_CRASHED', { begun: true }),
  );
  assert.equal(await call(pool, double, [21]), 42);
});

test('a result over maxResultBytes is VALUE_TOO_LARGE', async () => {
  const pool = startPool();
  const big = guest('big result', "(n) => 'x'.repeat(n)");
  const limits = { maxResultBytes: 1000 };
  await assert.rejects(call(pool, big, [1001], { limits }), failsWith('VALUE_TOO_LARGE'));
  assert.equal(await call(pool, big, [900], { limits }), 'x'.repeat(900));
});

test('console output over maxLogBytes is cut with one line that says so', async () => {
  const pool = startPool();
  const chatty = guest('chatty', '() => { for (let i = 0; i < 1000; i += 1) console.log(i); }');
  const lines: string[] = [];
  await call(pool, chatty, [], {
    limits: { maxLogBytes: 100 },
    onLog: (line) => lines.push(line.text),
  });
  assert.match(lines.at(-1) ?? '', /maxLogBytes/);
  assert.ok(lines.length > 5 && lines.length < 100, `${lines.length} lines`);
});
