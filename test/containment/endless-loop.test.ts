import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startArena } from './support.ts';

const arena = startArena();
const oneLane = startArena({ pool: { threads: 1 } });
const limits = { cpuMs: 100 };

const LOOPS: Readonly<Record<string, string>> = {
  'a loop': 'for (;;);',
  'a loop that catches everything': 'for (;;) try { for (;;); } catch {} finally { continue; }',
  'a recursion that catches its own overflow':
    'const again = () => { try { again(); } finally { again(); } }; for (;;) try { again(); } catch {}',
  'a generator without end': 'for (const one of (function* () { for (;;) yield 1; })());',
  'a comparator': '[2, 1].sort(() => { for (;;); });',
  'a trap':
    'new Proxy({}, { has() { for (;;); } }).x; "x" in new Proxy({}, { has() { for (;;); } });',
  'a callback of replace': '"x".replace(/x/, () => { for (;;); });',
  'a regular expression that backtracks': '/^(a+)+$/.test("a".repeat(60) + "b");',
  'a list without an end':
    'let list = {}; list = Object.setPrototypeOf({}, new Proxy(list, { getPrototypeOf() { for (;;); } })); list instanceof Object; Object.prototype.isPrototypeOf.call({}, list);',
  'code made of text': 'new Function("for (;;);")();',
  'lines to the console': 'for (;;) console.log("again");',
  'timers that are started and stopped': 'for (;;) clearTimeout(setTimeout(() => {}, 1000));',
};

const MICROTASKS: Readonly<Record<string, string>> = {
  await: 'for (;;) await 0;',
  'await of thenables': 'for (;;) await { then(done) { done(); } };',
  'promises that lead to promises':
    'const again = () => Promise.resolve().then(again); await again();',
  queueMicrotask:
    'const again = () => queueMicrotask(again); again(); await new Promise(() => {});',
  'an asynchronous generator':
    'for await (const one of (async function* () { for (;;) yield 1; })());',
  'a thenable that is its own answer': 'const self = { then(done) { done(self); } }; await self;',
  'rejections that are caught': 'for (;;) await Promise.reject(1).catch(() => {});',
};

describe('an endless loop ends with GUEST_TIMEOUT, and the other lane answers meanwhile:', () => {
  for (const [title, body] of Object.entries(LOOPS)) {
    test(title, async () => {
      const source = `export default () => { ${body} }`;
      const { end, answersMeanwhile } = await arena.attack({ source, limits });
      assert.equal(end, 'GUEST_TIMEOUT');
      assert.ok(answersMeanwhile > 5, `${answersMeanwhile} answers`);
    });
  }
  for (const [title, body] of Object.entries(MICROTASKS)) {
    test(`microtasks: ${title}`, async () => {
      const source = `export default async () => { ${body} }`;
      const { end, answersMeanwhile } = await arena.attack({ source, limits });
      assert.equal(end, 'GUEST_TIMEOUT');
      assert.ok(answersMeanwhile > 5, `${answersMeanwhile} answers`);
    });
  }
});

describe('an endless loop at load ends load() with GUEST_TIMEOUT:', () => {
  const AT_LOAD = {
    'a loop': 'for (;;);',
    microtasks: 'void (async () => { for (;;) await 0; })();',
    'a getter of what is exported': 'const { x } = { get x() { for (;;); } };',
  };
  for (const [title, text] of Object.entries(AT_LOAD)) {
    test(title, async () => {
      const source = `${text} export default () => 1;`;
      assert.equal((await arena.attack({ source, limits })).end, 'GUEST_TIMEOUT');
    });
  }
});

test('microtasks that a call leaves behind are ended, and its answer counts', async () => {
  const source = 'export default () => { (async () => { for (;;) await 0; })(); return "done"; }';
  const { ends, value } = await arena.attack({ source, limits, times: 3 });
  assert.deepEqual([ends, value], [Array(3).fill('answered'), 'done']);
});

test('timeoutMs ends a loop whose cpuMs would let it go on', async () => {
  const source = 'export default () => { for (;;); }';
  const { end } = await arena.attack({ source, limits: { cpuMs: 60_000, timeoutMs: 100 } });
  assert.equal(end, 'GUEST_TIMEOUT');
});

test('loops in every lane at once all end, and neighbours are answered behind them', async () => {
  const source = 'export default () => { for (;;); }';
  const { ends } = await arena.attack({ source, limits, times: 6 });
  assert.deepEqual(ends, Array(6).fill('GUEST_TIMEOUT'));
});

test('on the same lane a neighbour is answered as soon as the loop has ended', async () => {
  const source = 'export default () => { for (;;); }';
  const { end } = await oneLane.attack({ source, limits });
  assert.equal(end, 'GUEST_TIMEOUT');
  const loop = await oneLane.scatter.load(source, { limits: { cpuMs: 300 } });
  const order: string[] = [];
  const began = performance.now();
  const looping = loop().catch(() => order.push('loop'));
  await Promise.all([looping, oneLane.ask().then(() => order.push('neighbour'))]);
  await loop.release();
  assert.deepEqual(order, ['loop', 'neighbour']);
  assert.ok(performance.now() - began < 10 * 300);
});
