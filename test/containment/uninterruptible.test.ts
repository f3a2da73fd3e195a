import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startArena } from './support.ts';

const arena = startArena();
const limits = { cpuMs: 50 };

const HANGING: Readonly<Record<string, string>> = {
  indexOf: '[].indexOf.call({ length: 2 ** 53 - 1 }, 1);',
  'products of bigints': 'let big = 3n; for (let n = 0; n < 23; n += 1) big *= big;',
  'sort of a large array':
    'new Array(1e7).fill(1.5).sort(); for (;;) new Array(1e6).fill(1.5).sort();',
  'an array that is filled again and again': 'for (;;) new Array(3e6).fill(1.5);',
  includes: 'const list = []; list.length = 2 ** 32 - 1; for (;;) list.includes(1);',
  normalize: 'const text = "\\u1e9b\\u0323".repeat(2e6); for (;;) text.normalize("NFKD");',
  'a text that is padded': 'for (;;) "x".padEnd(2 ** 28, "yz").indexOf("zz");',
  'a regular expression': '/^(a|a)*$/.test("a".repeat(40) + "b"); for (;;);',
  'JSON.stringify':
    'const list = Array.from({ length: 3e5 }, (_, n) => ({ n })); for (;;) JSON.stringify(list);',
  structuredClone:
    'const list = Array.from({ length: 1e5 }, (_, n) => [n]); for (;;) structuredClone(list);',
  'a locale': 'for (;;) "x".repeat(1e6).localeCompare("x".repeat(1e6) + "y");',
};

/** Where a function may hang. */
const PLACES: Readonly<Record<string, string>> = {
  'at load': `[].indexOf.call({ length: 2 ** 53 - 1 }, 1); export default () => 1;`,
  'after a timer': `export default async () => {
    await new Promise((done) => setTimeout(done, 5));
    [].indexOf.call({ length: 2 ** 53 - 1 }, 1);
  };`,
  'in a getter of its result': `export default () => ({
    get x() { return [].indexOf.call({ length: 2 ** 53 - 1 }, 1); },
  });`,
  'in a message that it throws': `export default () => {
    throw Object.defineProperty(new Error(), 'message', {
      get() { return [].indexOf.call({ length: 2 ** 53 - 1 }, 1); },
    });
  };`,
  'in what it prints': `export default () => {
    const error = new Error('x');
    Object.defineProperty(error, 'stack', { get: () => [].indexOf.call({ length: 2 ** 53 - 1 }, 1) });
    console.log(error);
  };`,
};

describe('what cannot be interrupted is ended from outside as GUEST_TIMEOUT:', () => {
  for (const [title, body] of Object.entries(HANGING)) {
    test(title, async () => {
      const source = `export default () => { ${body} }`;
      const { end, error } = await arena.attack({ source, limits, kills: true });
      assert.equal(end, 'GUEST_TIMEOUT', error?.message);
    });
  }
  for (const [title, source] of Object.entries(PLACES)) {
    test(title, async () => {
      assert.equal((await arena.attack({ source, limits, kills: true })).end, 'GUEST_TIMEOUT');
    });
  }
});
