import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCodecFailure } from '../../src/codec/codec-failure.ts';
import { encodeValue } from '../../src/codec/encode.ts';
import { FAILURE } from '../../src/codec/frame-kinds.ts';
import { DEFAULT_LIMITS } from '../../src/model/limits.ts';
import { readFailure } from '../../src/pool/call-error.ts';
import { readLogLine } from '../../src/pool/guest-log.ts';
import { guest } from './support.ts';

const TARGET = guest('f', '() => 1');
// What asking for its text throws a TypeError of.
const NO_TEXT = { toString: 1, valueOf: 2 };

function bodyOf(value: unknown): Buffer {
  return Buffer.from(encodeValue(value, { root: 'body', maxBytes: 1000 }));
}

test('a line of console output that is no text is malformed', () => {
  assert.equal(readLogLine({ detail: 1, body: bodyOf('line') }, TARGET)?.text, 'line');
  for (const value of [NO_TEXT, 1, null, ['line']]) {
    assert.throws(
      () => readLogLine({ detail: 1, body: bodyOf(value) }, TARGET),
      (error) => isCodecFailure(error) && error.kind === 'malformed',
    );
  }
});

test('a reason why code cannot be loaded is shown if it is a text', () => {
  for (const [reason, shown] of [
    ['a reason', 'a reason'],
    [NO_TEXT, 'its code is no function'],
    [['list'], 'its code is no function'],
    ['', 'its code is no function'],
  ]) {
    const frame = { detail: FAILURE.NOT_LOADABLE, body: bodyOf({ reason }) };
    const { code, message } = readFailure(frame, TARGET, DEFAULT_LIMITS, true);
    assert.equal(code, 'SCATTER_ERR_SOURCE_INVALID');
    assert.ok(message.includes(`cannot be loaded: ${String(shown)};`), message);
  }
});
