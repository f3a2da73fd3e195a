import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startArena } from './support.ts';

const limits = { memoryMb: 256, cpuMs: 10_000 };
const arena = startArena({ limits });
const LIMIT = 8 * 1024 * 1024;
/** What the host may need for one that is refused: not as much as the limit of a result. */
const growthMb = 40;

const RESULTS: Readonly<Record<string, readonly [end: string, body: string]>> = {
  'a text of one byte too much': ['VALUE_TOO_LARGE', `return 'x'.repeat(${LIMIT} + 1);`],
  'bytes of one too much': ['VALUE_TOO_LARGE', `return new Uint8Array(${LIMIT} + 1);`],
  'a text of 100 MB': ['VALUE_TOO_LARGE', "return 'x'.repeat(1e8);"],
  'a text that is four times as long in UTF-8': [
    'VALUE_TOO_LARGE',
    "return '\\ud83d\\ude00'.repeat(3e6);",
  ],
  'one text a million times': [
    'VALUE_TOO_LARGE',
    "const text = 'x'.repeat(1000); return Array(1e6).fill(text);",
  ],
  'one object that is in itself by many ways': [
    'VALUE_TOO_LARGE',
    'let it = { a: 1 }; for (let n = 0; n < 40; n += 1) it = { a: it, b: it }; return it;',
  ],
  'an array of holes': [
    'VALUE_TOO_LARGE',
    'const list = []; list.length = 2 ** 32 - 1; return list;',
  ],
  'two million objects': ['VALUE_TOO_LARGE', 'return Array.from({ length: 2e6 }, () => ({}));'],
  'a bigint of a million digits': ['answered', 'return 7n ** (2n ** 20n);'],
};

const ERRORS: Readonly<Record<string, string>> = {
  'a message of 100 MB': "throw new Error('x'.repeat(1e8));",
  'a name of 100 MB': "throw Object.assign(new Error('x'), { name: 'x'.repeat(1e8) });",
  'a stack of 100 MB': "throw Object.assign(new Error('x'), { stack: 'x'.repeat(1e8) });",
  'a text of 100 MB': "throw 'x'.repeat(1e8);",
  'a field of 100 MB': "throw Object.assign(new Error('x'), { data: 'x'.repeat(1e8) });",
  'a million fields':
    "const error = new Error('x'); for (let n = 0; n < 1e6; n += 1) error['field' + n] = n; throw error;",
  'a hundred fields that fit one by one':
    "const error = new Error('x'); for (let n = 0; n < 100; n += 1) error['field' + n] = 'x'.repeat(200_000); throw error;",
  'a cause in a cause in a cause':
    "let error = new Error('x'); for (let n = 0; n < 1e5; n += 1) error = new Error('x', { cause: error }); throw error;",
  'fields that double':
    "let it = { a: 1 }; for (let n = 0; n < 40; n += 1) it = { a: it, b: it }; throw Object.assign(new Error('x'), { it });",
  'a list of a million errors':
    "throw new AggregateError(Array.from({ length: 1e5 }, () => new Error('x')), 'x');",
};

describe('a result is refused before it reaches the host:', () => {
  for (const [title, [expected, body]] of Object.entries(RESULTS)) {
    test(title, async () => {
      const source = `export default () => { ${body} };`;
      const { end, error } = await arena.attack({ source, growthMb });
      assert.equal(end, expected, error?.message);
    });
  }

  test('each of many that are too large', async () => {
    const source = `export default () => 'x'.repeat(${LIMIT} + 1);`;
    const { ends } = await arena.attack({ source, growthMb, times: 30 });
    assert.deepEqual(ends, Array(30).fill('VALUE_TOO_LARGE'));
  });
});

describe('of an error the host gets at most half a megabyte:', () => {
  for (const [title, body] of Object.entries(ERRORS)) {
    test(title, async () => {
      const source = `export default () => { ${body} };`;
      const { end, error } = await arena.attack({ source, growthMb });
      assert.equal(end, 'GUEST_THREW', error?.message);
      const { name = '', message = '', stack = '', data } = error?.guest ?? {};
      const parts = [name, message, stack, JSON.stringify(data) ?? ''];
      assert.ok(parts.join('').length < 2 ** 19, parts.map(({ length }) => length).join());
      assert.ok((error?.message.length ?? 0) < 2 ** 19);
    });
  }
});

test('console output beyond maxLogBytes costs the host nothing', async () => {
  const source = `export default () => {
    for (let n = 0; n < 10_000; n += 1) console.log('x'.repeat(n), { n });
    console.error('x'.repeat(1e8));
    return 'done';
  };`;
  const { value, logged } = await arena.attack({ source, growthMb });
  assert.equal(value, 'done');
  assert.match(logged.at(-1) ?? '', /maxLogBytes/);
  assert.ok(logged.join('').length <= 2 * 65_536);
});

test('many results just below the limit are all delivered, in bounded memory', async () => {
  const source = `export default () => new Uint8Array(${LIMIT} - 100);`;
  const { ends } = await arena.attack({ source, times: 40, growthMb: 400 });
  assert.deepEqual(ends, Array(40).fill('answered'));
});
