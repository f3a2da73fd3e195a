import assert from 'node:assert/strict';
import { test } from 'node:test';
import { registryWith } from './support.ts';

const ODD = 'GET /a b/{c}';
const scatter = await registryWith(async (instance) => {
  const kinds = (kind: string): unknown => {
    // biome-ignore lint/suspicious/noConsole: it is the guest's, and goes to stderr.
    console.log('asked for', kind, '\u001b[31m');
    if (kind === 'nothing') return undefined;
    if (kind === 'error') throw Object.assign(new TypeError('no\u001b[2J'), { amount: 10n });
    return { big: 10n, map: new Map([['a', new Set([1])]]), bytes: new Uint8Array([1, 2]) };
  };
  const message = 'two\nlines \u001b[31mred';
  await instance.track(kinds, { name: ODD }).push({ message });
  await instance.track((a: number, b = 1) => a * b, { name: 'product' }).push();
});

test('call runs a function with JSON arguments and prints the result as JSON', () => {
  const { code, stdout, stderr } = scatter('call', 'product', '-21', '2');
  assert.deepEqual([code, stdout, stderr], [0, '-42\n', '']);
  const { stdout: object } = scatter('call', 'product@1', '21', '--json');
  assert.deepEqual(JSON.parse(object), { function: 'product', version: 1, result: 21 });
});

test('call prints what JSON has no word for as what is nearest; console goes to stderr', () => {
  const { stdout, stderr } = scatter('call', ODD, '"all"', '--json');
  const { result } = JSON.parse(stdout);
  assert.deepEqual(result, { big: '10', map: [['a', [1]]], bytes: [1, 2] });
  assert.equal(stderr, 'asked for all \\u001b[31m\n');
  assert.equal(scatter('call', ODD, '"nothing"').stdout, 'undefined\n');
});

test('call of a function that throws exits with 1 and says what and where', () => {
  const { code, stdout, stderr } = scatter('call', ODD, '"error"', '--json');
  assert.equal(code, 1);
  assert.match(stderr, /threw TypeError: no\\u001b\[2J\n +at .*calling\.test\.ts:\d+/);
  const { error } = JSON.parse(stdout);
  assert.deepEqual([error.code, error.guest.data], ['SCATTER_ERR_GUEST_THREW', { amount: '10' }]);
});

test('call with what is not JSON exits with 2 and shows how to write a string', () => {
  const { code, stderr } = scatter('call', 'product', 'abc');
  assert.equal(code, 2);
  assert.match(stderr, /'"abc"'/);
});

test('what others wrote cannot steer the terminal or break the columns of log', () => {
  const { stdout } = scatter('log');
  assert.equal(stdout.trimEnd().split('\n').length, 3);
  assert.match(stdout, /two\\nlines \\u001b\[31mred/);
  assert.doesNotMatch(scatter('show', ODD).stdout, /\p{Cc}(?<!\n)/u);
});
