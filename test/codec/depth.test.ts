import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

// Of the 984 kB that V8 has. The host reads in events of sockets, near the beginning of its stack.
const STACK_KB = 800;

test('values nested as deep as allowed leave some of the stack, in code that is not compiled', () => {
  const program = fileURLToPath(new URL('depth.program.ts', import.meta.url));
  const flags = [`--stack-size=${STACK_KB}`, '--no-opt', '--no-maglev', '--no-sparkplug'];
  assert.equal(execFileSync(process.execPath, [...flags, program], { encoding: 'utf8' }), '');
});
