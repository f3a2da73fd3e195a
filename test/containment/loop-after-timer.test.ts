import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { provide } from '../../src/index.ts';
import { startScatter } from '../library/support.ts';
import { startArena } from './support.ts';

const arena = startArena();
const oneLane = startArena({ pool: { threads: 1 } });
// What does not loop, against expectation, ends soon all the same, and fails.
const limits = { cpuMs: 100, timeoutMs: 3000 };
const LOOP = 'for (;;);';
const MICROTASKS = 'void (async () => { for (;;) await 0; })();';
const NEVER = 'new Promise(() => {})';

const AFTER_TIMERS: Readonly<Record<string, string>> = {
  'an awaited timer': `await new Promise((done) => setTimeout(done, 5)); ${LOOP}`,
  'an awaited timer, in microtasks': `await new Promise((done) => setTimeout(done, 5)); for (;;) await 0;`,
  'a timer itself': `setTimeout(() => { ${LOOP} }, 5); await ${NEVER};`,
  'a timer whose microtasks loop': `setTimeout(() => { ${MICROTASKS} }, 5); await ${NEVER};`,
  setImmediate: `setImmediate(() => { ${LOOP} }); await ${NEVER};`,
  'the third turn of an interval': `let turn = 0; setInterval(() => { if (++turn === 3) ${LOOP} }, 2); await ${NEVER};`,
  'many timers at once': `for (let n = 0; n < 50; n += 1) setTimeout(() => { ${LOOP} }, 5); await ${NEVER};`,
  'a timer in a timer': `setTimeout(() => setTimeout(() => { ${LOOP} }, 1), 1); await ${NEVER};`,
  'a timer that throws an error that loops': `setTimeout(() => { const error = new Error(); Object.defineProperty(error, 'stack', { get() { ${LOOP} } }); Object.defineProperty(error, 'message', { get() { ${LOOP} } }); throw error; }, 1); await ${NEVER};`,
  'a timer with a delay that loops': `setTimeout(() => {}, { valueOf() { ${LOOP} } }); await ${NEVER};`,
  'a timer whose thenable loops': `await new Promise((done) => setTimeout(() => done({ get then() { ${LOOP} } }), 1));`,
  'a microtask of a timer': `setTimeout(() => queueMicrotask(() => { ${LOOP} }), 1); await ${NEVER};`,
  'short turns that never end': `for (;;) { const end = Date.now() + 5; while (Date.now() < end); await new Promise((done) => setTimeout(done, 1)); }`,
};

const AFTER_ANSWERS: Readonly<Record<string, string>> = {
  'an awaited answer': `await tool.ask(); ${LOOP}`,
  'an awaited answer, in microtasks': `await tool.ask(); for (;;) await 0;`,
  'the continuation of an answer': `await tool.ask().then(() => { ${LOOP} });`,
  'a refusal': `await tool.refuse().catch(() => { ${LOOP} });`,
  'an answer that has come to a thenable': `await tool.ask().then(() => ({ get then() { ${LOOP} } }));`,
  'one of many answers': `const all = Array.from({ length: 30 }, () => tool.ask()); await Promise.all(all); ${LOOP}`,
  'an answer that is not awaited': `tool.ask().then(() => { ${LOOP} }); await ${NEVER};`,
  'a setter that the answer meets': `Object.defineProperty(Object.prototype, 'field', { set() { ${LOOP} } }); const answer = await tool.ask(); answer.other = 1; ${LOOP}`,
  'a patched then that the answer meets': `Promise.prototype.then = function () { ${LOOP} }; await tool.ask(); ${LOOP}`,
  'a getter of then on every object': `Object.defineProperty(Object.prototype, 'then', { get() { ${LOOP} } }); await tool.ask();`,
};

const tool = provide('tool', {
  ask: async () => ({ field: 1 }),
  refuse: () => Promise.reject(new Error('refused')),
});

for (const [where, ring] of Object.entries({ 'another lane': arena, 'the same lane': oneLane })) {
  describe(`a loop that begins after a timer ends with GUEST_TIMEOUT, a neighbour on ${where} is answered:`, () => {
    for (const [title, body] of Object.entries(AFTER_TIMERS)) {
      test(title, async () => {
        const source = `export default async () => { ${body} }`;
        assert.equal((await ring.attack({ source, limits })).end, 'GUEST_TIMEOUT');
      });
    }
  });
}

describe("a loop that begins after a capability's answer ends with GUEST_TIMEOUT:", () => {
  for (const [title, body] of Object.entries(AFTER_ANSWERS)) {
    test(title, async () => {
      const source = `export default async () => { ${body} }`;
      const attack = { source, limits, capabilities: [tool] };
      assert.equal((await arena.attack(attack)).end, 'GUEST_TIMEOUT');
    });
  }
});

describe('of functions that call each other,', () => {
  const scatter = startScatter();

  test('the one that loops after an answer is ended, and the other is served', async () => {
    await scatter.pushSource('inner', 'export default (n) => n + 1;');
    const inner = await scatter.get<(n: number) => number>('inner');
    const looping = async (): Promise<void> => {
      await inner(1);
      for (;;);
    };
    const outer = await scatter.get(await pushed('outer', looping), { limits });
    await assert.rejects(outer(), { code: 'SCATTER_ERR_GUEST_TIMEOUT', function: 'outer' });
    assert.equal(await inner(41), 42);
  });

  test('the one that is called and loops is ended, and its caller hears of it', async () => {
    await scatter.pushSource('looping', 'export default () => { for (;;); };');
    const looping = await scatter.get('looping', { limits });
    const calling = (): Promise<unknown> =>
      looping().catch((error: { code: string }) => error.code);
    const caller = await scatter.get(await pushed('caller', calling));
    assert.equal(await caller(), 'SCATTER_ERR_GUEST_TIMEOUT');
  });

  async function pushed(name: string, fn: () => unknown): Promise<string> {
    await scatter.push([scatter.track(fn, { name })]);
    return name;
  }
});
