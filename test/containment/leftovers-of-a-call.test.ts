import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startArena } from './support.ts';

const arena = startArena();

/** What a call leaves, and what shows the next one that it was left. */
const LEFT: Readonly<Record<string, readonly [leave: string, see: string]>> = {
  'a global': ['globalThis.left = 1', 'globalThis.left'],
  'a variable of the module': ['state += 1', 'state || undefined'],
  'an object of the module': ['shared.left = 1', 'shared.left'],
  'a field of a prototype': ['Object.prototype.left = 1', '({}).left'],
  'a patched built-in': ['Array.prototype.push = () => 1', '[].push.length === 0 || undefined'],
  'a patched Promise': [
    'Promise.prototype.then = function () {}',
    'Promise.prototype.then.length === 0 || undefined',
  ],
  'a patched JSON': ['JSON.stringify = () => "left"', 'JSON.stringify({}) === "left" || undefined'],
  'a setter on every object': [
    'Object.defineProperty(Object.prototype, "x", { set() {}, configurable: true })',
    '"x" in {} || undefined',
  ],
  'a prepareStackTrace': [
    'Error.prepareStackTrace = () => "left"',
    'new Error().stack === "left" || undefined',
  ],
  'a patched console': [
    'console.log = () => 1',
    'console.log.toString().includes("=> 1") || undefined',
  ],
  'a patched timer': [
    'globalThis.setTimeout = () => "left"',
    'typeof setTimeout(() => {}) === "string" || undefined',
  ],
  'frozen built-ins': [
    'Object.freeze(Array.prototype)',
    'Object.isFrozen(Array.prototype) || undefined',
  ],
  'the state of a regular expression': ['/(l)eft/.exec("left")', 'RegExp.$1 || undefined'],
  'a symbol that all know': [
    'Symbol.for("left").description; globalThis[Symbol.for("left")] = 1',
    'globalThis[Symbol.for("left")]',
  ],
  'a timer': ['setInterval(() => { globalThis.left = 1; }, 1)', 'globalThis.left'],
  'a microtask that goes on': [
    '(async () => { for (let n = 0; n < 100; n += 1) await 0; globalThis.left = 1; })()',
    'globalThis.left',
  ],
  'a promise that settles later': [
    'new Promise((done) => setTimeout(done, 1)).then(() => { globalThis.left = 1; })',
    'globalThis.left',
  ],
};

function sourceOf([leave, see]: readonly [string, string]): string {
  return `let state = 0; const shared = {};
    export default async (step) => {
      const wait = new Promise((done) => setTimeout(done, 2));
      const seen = (${see});
      if (step === 'leave') { ${leave}; return 'left'; }
      await wait;
      return seen ?? (${see});
    };`;
}

describe('with freshIsolate no call sees what another one left:', () => {
  for (const [title, parts] of Object.entries(LEFT)) {
    test(title, async () => {
      const before = await arena.counts();
      const limits = { freshIsolate: true };
      const fn = await arena.scatter.load<(step: string) => unknown>(sourceOf(parts), { limits });
      assert.equal(await fn('leave'), 'left');
      assert.equal(await fn('see'), undefined);
      const steps = Array.from({ length: 16 }, (_, n) => (n % 2 === 0 ? 'leave' : 'see'));
      const seen = await Promise.all(steps.map((step) => fn(step)));
      assert.deepEqual(
        seen,
        steps.map((step) => (step === 'leave' ? 'left' : undefined)),
      );
      await fn.release();
      await arena.comesBack({ ...before, threads: Number.POSITIVE_INFINITY });
    });
  }
});

describe('without it, calls of one function and partition share their isolate, and nobody else does:', () => {
  for (const title of ['a global', 'a variable of the module', 'a field of a prototype']) {
    test(title, async () => {
      const source = sourceOf(LEFT[title] ?? ['', '']);
      const [fn, other] = await Promise.all(
        ['left/here', 'left/there'].map((name) =>
          arena.scatter.load<(step: string) => unknown>(source, {
            name: `${name}/${title.length}`,
          }),
        ),
      );
      assert.ok(fn !== undefined && other !== undefined);
      assert.equal(await fn('leave'), 'left');
      assert.equal(await fn('see'), 1);
      assert.equal(await fn.with({ partition: 'another' })('see'), undefined);
      assert.equal(await other('see'), undefined);
      await Promise.all([fn.release(), other.release()]);
    });
  }
});
