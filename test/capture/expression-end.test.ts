import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expressionEnd } from '../../src/capture/scripts/expression-end.ts';

// `¦` is where the expression ends.
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: they are texts of templates
const CASES = [
  'a + b¦;',
  'a + b¦\nconst c = 1',
  'a\n  + b¦\n',
  'a +\n  b¦\n',
  'f(x, [1, 2])¦, second',
  'f(x => x)¦)',
  'x as Map<string, number>¦\n}',
  "\"a;b\" + '\\''¦; x",
  '`a ${b ? `c}` : {}} d`¦, x',
  'a // not ; this\n  .b¦\n\nfoo()',
  '/* ; */ a¦;',
  '[\n  1,\n  2,\n]¦\nnext',
  'a ? b : c¦',
  'f<A, B[]>(x)¦, y',
];
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: they are texts of templates

test('an expression ends where its brackets are closed and no operator goes on', () => {
  for (const marked of CASES) {
    const end = marked.indexOf('¦');
    assert.equal(expressionEnd(marked.replace('¦', ''), 0), end, marked);
  }
});

test('brackets that are opened before count', () => {
  assert.equal(expressionEnd('({ a }) + 1', 1, 1), '({ a })'.length);
});
