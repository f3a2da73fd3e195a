import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GUEST_GLOBALS, PARTIAL_GLOBALS } from '../../src/capture/names/guest-globals.ts';
import { ECMASCRIPT_GLOBALS } from '../../src/model/ecmascript-globals.ts';
import { call, guest, startPool } from '../pool/support.ts';

test('a guest has every global that capture leaves to it', async () => {
  const pool = startPool();
  const names = [...ECMASCRIPT_GLOBALS, ...GUEST_GLOBALS].filter((name) => name !== 'undefined');
  const missing = guest(
    'missing',
    `(names) => names.filter((name) => typeof globalThis[name] === 'undefined')`,
  );
  assert.deepEqual(await call(pool, missing, [names]), []);
  const members = guest('members', '(name) => Object.keys(globalThis[name])');
  for (const [name, keys] of PARTIAL_GLOBALS) {
    assert.deepEqual(await call(pool, members, [name]), keys, name);
  }
});
