import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'acorn';

const BIN = fileURLToPath(new URL('../../cli/bin.cjs', import.meta.url));

test('the published command parses on any Node', () => {
  assert.doesNotThrow(() =>
    parse(readFileSync(BIN, 'utf8'), { ecmaVersion: 5, sourceType: 'script', allowHashBang: true }),
  );
});

test('on an old Node the published command says which one it needs and exits with 2', () => {
  const pretend = "Object.defineProperty(process.versions, 'node', { value: '18.20.4' })";
  const old = `${pretend}; require(${JSON.stringify(BIN)});`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', old], { encoding: 'utf8' });
  assert.deepEqual([status, stdout], [2, '']);
  assert.match(stderr, /needs Node 24 or newer and this is 18\.20\.4; install it/);
});
