import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startArena } from './support.ts';

const limits = { memoryMb: 16, cpuMs: 3000 };
const arena = startArena({ pool: { threads: 2, memoryMb: 512 }, limits });

const FILLING: Readonly<Record<string, string>> = {
  'arrays of numbers': 'for (;;) kept.push(Array.from({ length: 1000 }, (_, n) => n + 0.5));',
  objects: 'for (;;) kept.push({ a: { b: {} } });',
  texts: 'for (let n = 0; ; n += 1) kept.push(("x" + n).repeat(1000).toUpperCase());',
  closures: 'for (;;) { const big = [kept.length, 1, 2, 3]; kept.push(() => big); }',
  'a Map': 'const map = new Map(); for (let n = 0; ; n += 1) map.set({ n }, "value " + n);',
  'a Set of texts': 'const set = new Set(); for (let n = 0; ; n += 1) set.add("text " + n);',
  bigints: 'for (let n = 1n; ; n += 1n) kept.push(n ** 64n);',
  promises: 'for (;;) kept.push(new Promise(() => {}).then(() => kept));',
  generators:
    'for (;;) { const one = (function* () { yield kept; })(); one.next(); kept.push(one); }',
  'regular expressions': 'for (let n = 0; ; n += 1) kept.push(new RegExp("a{" + n + "}"));',
  'errors with stacks': 'for (;;) { const error = new Error("x"); error.stack; kept.push(error); }',
};

// These V8 refuses to the guest, which may go on.
const REFUSED: Readonly<Record<string, string>> = {
  'buffers of bytes': 'for (;;) kept.push(new ArrayBuffer(100_000));',
  'typed arrays': 'for (;;) kept.push(new Float64Array(10_000).fill(1));',
  'one large buffer': 'kept.push(new Uint8Array(2 ** 31));',
  timers: 'for (;;) kept.push(setTimeout(() => kept, 1e6));',
  'one long text': 'kept.push("x".repeat(2 ** 30));',
};

// V8 asks isolated-vm only at some of its collections: what allocates without a pause passes the limit of
// the heap, and ends at its time limit or at the ceiling of the process.
const ENDS = ['GUEST_OUT_OF_MEMORY', 'EXECUTOR_CRASHED', 'GUEST_TIMEOUT'];

describe('a heap that is full ends the call, and the host serves on:', () => {
  for (const [title, body] of Object.entries(FILLING)) {
    test(title, async () => {
      const source = `export default () => { const kept = []; ${body} };`;
      const { end, error } = await arena.attack({ source, kills: true });
      assert.ok(ENDS.includes(end), `${end}: ${error?.message}`);
    });
  }

  for (const [title, body] of Object.entries(REFUSED)) {
    test(title, async () => {
      const source = `export default () => { const kept = []; ${body} };`;
      const { end, error } = await arena.attack({ source });
      assert.deepEqual([end, error?.guest?.name], ['GUEST_THREW', 'RangeError']);
    });
  }

  test('at load', async () => {
    const source = 'const kept = []; for (;;) kept.push({ a: {} }); export default () => 1;';
    const { end } = await arena.attack({ source, kills: true });
    assert.ok(ENDS.includes(end), end);
  });

  test('little by little, from call to call', async () => {
    const source = `const kept = [];
      export default () => kept.push(Array.from({ length: 50_000 }, (_, n) => n + 0.5));`;
    const { ends } = await arena.attack({ source, times: 200, kills: true });
    assert.ok(ends.includes('answered') && ends.includes('GUEST_OUT_OF_MEMORY'), ends.join());
  });

  test('in a timer and after it', async () => {
    const source = `export default async () => {
      const kept = [];
      await new Promise((done) => setTimeout(done, 1));
      for (;;) kept.push({ a: {} });
    };`;
    const { end } = await arena.attack({ source, kills: true });
    assert.ok(ENDS.includes(end), end);
  });
});
