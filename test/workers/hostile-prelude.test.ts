import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TAMPER } from '../codec/tamper.ts';
import { call, failsWith, guest, startPool } from '../pool/support.ts';

// What is reached by design: resolving a promise looks for `then` on the value, `await` for the
// constructor of a promise. Neither hands out an object of ours.
const ALLOWED = /^get (Object|Promise)\.prototype\.(constructor|then)$/;

function tampering(body: string): string {
  return `(() => {
    const tick = setTimeout, log = console.log, NativePromise = Promise;
    const later = (make) => new NativePromise((resolve) => tick(() => resolve(make()), 1));
    ${TAMPER}
    return ${body};
  })()`;
}

function reachedOf(text: unknown): string[] {
  return String(text)
    .split(' get ')
    .flatMap((part) => part.split(' set ').map((name) => name.trim()))
    .filter((name) => name !== '' && !ALLOWED.test(`get ${name}`));
}

test('calls, timers and logs reach nothing that the guest replaced', async () => {
  const pool = startPool();
  const lines: string[] = [];
  const target = guest(
    'tampering',
    tampering(`async (value) => {
      globalThis.reached = '';
      log('a line', 1);
      await later(() => value);
      const seen = globalThis.reached;
      return { value, seen };
    }`),
  );
  const answer = await call(pool, target, [{ list: [1, 'two', { three: 3n }] }], {
    onLog: (line) => lines.push(line.text),
  });
  const { value, seen } = answer as { value: unknown; seen: string };
  assert.deepEqual(value, { list: [1, 'two', { three: 3n }] });
  assert.deepEqual(lines, ['a line 1']);
  assert.deepEqual(reachedOf(seen), []);
});

test('results and errors that do not fit the outbox cross from a tampered guest', async () => {
  const pool = startPool();
  const big = guest('big', tampering(`() => 'x' + 'yz'.padEnd ? '${'x'.repeat(40_000)}' : ''`));
  assert.equal(await call(pool, big), 'x'.repeat(40_000));
  const throwing = guest(
    'throwing',
    tampering(`() => { throw { reason: '${'x'.repeat(40_000)}' }; }`),
  );
  await assert.rejects(call(pool, throwing), (error) => {
    assert.ok(failsWith('GUEST_THREW')(error));
    const { guest: report } = error as { guest?: { data: unknown } };
    assert.deepEqual(report?.data, { reason: 'x'.repeat(40_000) });
    return true;
  });
});

test('no shared memory, WebAssembly, Node or host name is in a guest', async () => {
  const pool = startPool();
  const names = guest(
    'names',
    `() => ['SharedArrayBuffer', 'Atomics', 'WebAssembly', 'require', 'Buffer', 'module', 'fetch',
      '__dirname', 'ivm', 'enterGuest'].filter((name) => typeof globalThis[name] !== 'undefined')`,
  );
  assert.deepEqual(await call(pool, names), []);
  const imports = guest('imports', `() => import('node:fs').then(() => 'open', () => 'closed')`);
  assert.equal(await call(pool, imports), 'closed');
});
