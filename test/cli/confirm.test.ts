import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { isAgreed } from '../../cli/confirm.ts';

test('only a yes is a yes', async () => {
  const answers = {
    'y\n': true,
    'YES\n': true,
    '\n': false,
    'yesterday\n': false,
    'n\ny\n': false,
  };
  for (const [answer, agreed] of Object.entries(answers)) {
    const input = new PassThrough();
    input.write(answer);
    assert.equal(await isAgreed('remove it?', input, new PassThrough()), agreed, answer);
  }
});

test('the end of the input without an answer is a no', async () => {
  const input = new PassThrough();
  const output = new PassThrough({ encoding: 'utf8' });
  input.end();
  assert.equal(await isAgreed('remove it?', input, output), false);
  assert.match(String(output.read()), /remove it\? \[y\/N\]/);
});
