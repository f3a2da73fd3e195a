import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isScatterError } from '../../src/errors.ts';
import { checkFunctionName } from '../../src/model/function-name.ts';

const FINE = [
  'a',
  'GET /users/:id',
  'a{b}',
  'a.b-c_d',
  '*',
  '__proto__',
  'constructor',
  'Größe',
  '税率',
  '🧮',
  'e\u0301'.normalize('NFC'),
  'x'.repeat(256),
];

const WRONG: Record<string, readonly [name: string, rule: RegExp]> = {
  'an empty name': ['', /it is empty/],
  'the sign of versions': ['a@b', /`@` is kept for versions/],
  'more than 256 characters': ['x'.repeat(257), /257 characters and 256 are allowed/],
  '300 characters': ['x'.repeat(300), /300 characters/],
  'a line break': ['a\nb', /control character/],
  'a tab': ['a\tb', /control character/],
  'a NUL': ['a\u0000', /control character/],
  'an escape': ['\u001b[2J', /control character/],
  'a C1 control character': ['a\u009bb', /control character/],
  'a line separator': ['a\u2028', /control character/],
  'half a pair, first': ['\ud800', /half a surrogate pair/],
  'half a pair, second': ['a\udc00b', /half a surrogate pair/],
  'white space before': [' a', /begins or ends with white space/],
  'white space after': ['a ', /begins or ends with white space/],
  'a no-break space after': ['a\u00a0', /begins or ends with white space/],
  'another normal form': ['e\u0301', /normal form C/],
};

test('names may hold spaces, `:`, `/`, `{}` and any script', () => {
  for (const name of FINE) assert.equal(checkFunctionName(name), name);
});

for (const [what, [name, rule]] of Object.entries(WRONG)) {
  test(`a name with ${what} is REF_INVALID and the message says which rule it breaks`, () => {
    assert.throws(
      () => checkFunctionName(name),
      (error) => isScatterError(error, 'SCATTER_ERR_REF_INVALID') && rule.test(error.message),
    );
  });
}

test('a message quotes a name without its control characters, and a long one in part', () => {
  const messageOf = (name: string): string => {
    try {
      return checkFunctionName(name);
    } catch (error) {
      return String(error);
    }
  };
  assert.match(messageOf('a\u001bb'), /"a\\u001bb"/);
  assert.ok(messageOf('x'.repeat(100_000)).length < 300);
});
