import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startArena } from './support.ts';

const arena = startArena({
  pool: { threads: 2, memoryMb: 400 },
  limits: { cpuMs: 30_000, memoryMb: 2000 },
});
const limits = { memoryMb: 16, cpuMs: 3000 };

/** Each gives MB that it got beside the heap, or throws. */
const OUTSIDE: Readonly<Record<string, string>> = {
  'WebAssembly memory': 'new WebAssembly.Memory({ initial: 1600 }); return 100;',
  'a WebAssembly module':
    'new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])); return 1;',
  'shared memory': 'new SharedArrayBuffer(1e8); return 100;',
  'shared memory that grows':
    'new SharedArrayBuffer(1, { maxByteLength: 1e9 }).grow(1e9); return 1000;',
  'shared memory by the constructor of something':
    'const Shared = (new Function("return typeof SharedArrayBuffer === \\"undefined\\" ? undefined : SharedArrayBuffer"))(); new Shared(1e8); return 100;',
  Atomics: 'Atomics.wait(new Int32Array(4), 0, 0, 10); return 1;',
};

describe('memory beside the heap cannot be had:', () => {
  for (const [title, body] of Object.entries(OUTSIDE)) {
    test(title, async () => {
      const source = `export default () => { ${body} };`;
      const { end } = await arena.attack({ source, limits });
      assert.equal(end, 'GUEST_THREW');
    });
  }

  test('a buffer that grows', async () => {
    const source = `export default () => {
      const kept = [];
      for (let n = 0; n < 20; n += 1) {
        const buffer = new ArrayBuffer(1, { maxByteLength: 5e7 });
        buffer.resize(5e7);
        new Uint8Array(buffer).fill(1);
        kept.push(buffer);
      }
      return kept.length;
    };`;
    const { end, error } = await arena.attack({ source, limits });
    assert.deepEqual([end, error?.guest?.name], ['GUEST_THREW', 'TypeError']);
  });

  test('a transfer to a longer buffer', async () => {
    const source = `export default () => {
      let buffer = new ArrayBuffer(1);
      for (let size = 2; size < 2e9; size *= 2) buffer = buffer.transfer(size);
      return buffer.byteLength;
    };`;
    const { end, error } = await arena.attack({ source, limits });
    assert.deepEqual([end, error?.guest?.name], ['GUEST_THREW', 'RangeError']);
  });
});

test('what passes the heap limit all the same ends at the ceiling of the process, and the host stays small', async () => {
  const source = 'export default () => { const kept = []; for (;;) kept.push(new Array(1000)); };';
  const { end, error } = await arena.attack({
    source,
    limits: { cpuMs: 20_000 },
    kills: true,
  });
  assert.equal(end, 'EXECUTOR_CRASHED', error?.message);
  assert.match(error?.message ?? '', /over pool\.memoryMb/);
});
