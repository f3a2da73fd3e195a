/**
 * The whole of what a guest can reach, against the list `guest-world.txt`: what appears there has been
 * looked at by somebody. After a change that is wanted, or with another Node, look at what differs and
 * write the list anew:
 *
 *     RENEW_GUEST_WORLD=1 node --test test/containment/guest-world.test.ts
 *
 * with Node 24 first, and then with the others, whose files hold what they have in another way.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { preludeSource } from '../../workers/prelude-source.ts';
import { call, guest, startPool } from '../pool/support.ts';
import { catchArguments } from './catch-arguments.ts';
import { languageRoots, scatterRoots, worldRoots } from './guest-roots.ts';
import { walkWorld } from './walk-world.ts';
import { differences, readWorld, writeWorld } from './world-file.ts';

const PARTS = [walkWorld, languageRoots, worldRoots, scatterRoots, catchArguments].join('\n');

function probe(body: string): ReturnType<typeof guest> {
  return guest('probe', `() => { ${PARTS}\n${body} }`);
}

const WALKS = `
  const roots = () => ({ globalThis, ...languageRoots(), ...scatterRoots($scatter) });
  const before = walkWorld(roots()).lines;
  const instances = worldRoots();
  return { before, after: walkWorld({ ...roots(), ...instances }).lines };`;

test('a guest reaches what the list says, and nothing else', async () => {
  const walks = await call(startPool(), probe(WALKS));
  const { before, after } = walks as { before: string[]; after: string[] };
  const late = before.filter((line) => !after.includes(line));
  const lines = [...after, ...late.map((line) => `before first use: ${line}`)].sort();
  assert.ok(lines.length > 1000, 'the walk ended early');
  if (process.env['RENEW_GUEST_WORLD'] === '1') writeWorld(lines);
  const changed = differences(readWorld(), lines);
  assert.deepEqual(changed, [], `guest-world.txt and the guest differ:\n${changed.join('\n')}`);
});

const CATCH = `
  const text = Function.prototype.toString;
  const { apply, getOwnPropertyDescriptor } = Reflect;
  const tag = getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get;
  const bytes = getOwnPropertyDescriptor(ArrayBuffer.prototype, 'byteLength').get;
  const View = DataView;
  const isShared = (value) => {
    try { new View(value); } catch { return false; }
    try { apply(bytes, value, []); return false; } catch { return true; }
  };
  const known = walkWorld({ globalThis, ...languageRoots(), ...scatterRoots($scatter) }).objects;
  const world = new Set(known);
  const isKnown = Set.prototype.has;
  const owners = known.filter((one) => one !== Function.prototype);
  const caught = catchArguments(owners);
  const used = [];
  for (const name of ['URL', 'URLSearchParams', 'TextEncoder', 'TextDecoder', 'atob', 'btoa', 'Event',
    'CustomEvent', 'EventTarget', 'AbortController', 'AbortSignal', 'DOMException', 'crypto']) {
    try { globalThis[name]; used[used.length] = name; } catch (error) { used[used.length] = name + ': ' + error; }
  }
  let failure = '';
  try { worldRoots(); } catch (error) { failure = error.stack; }
  console.log('a line', { a: 1 });
  structuredClone({ a: new Uint8Array(1) });
  const objects = walkWorld({ caught }).objects;
  const functions = [];
  const arrays = [];
  let shared = 0;
  for (let i = 0; i < objects.length; i += 1) {
    const one = objects[i];
    if (apply(isKnown, world, [one])) continue;
    if (typeof one === 'function') functions[functions.length] = apply(text, one, []);
    else if (apply(tag, one, []) !== undefined) arrays[arrays.length] = apply(tag, one, []);
    if (isShared(one)) shared += 1;
  }
  return { used, failure, caught: caught.length, functions, arrays, shared };`;

test('nothing of the prelude gets to what a guest put in the place of built-ins', async () => {
  const answer = await call(startPool(), probe(CATCH), [], { limits: { cpuMs: 20_000 } });
  const { used, failure, caught, functions, arrays, shared } = answer as {
    used: string[];
    failure: string;
    caught: number;
    functions: string[];
    arrays: string[];
    shared: number;
  };
  assert.deepEqual(
    used.filter((name) => name.includes(':')),
    [],
  );
  assert.equal(failure, '');
  assert.ok(caught > 100, 'nothing was caught');
  const prelude = preludeSource();
  const ours = functions.filter((text) => prelude.includes(text) && !PARTS.includes(text));
  assert.deepEqual(ours, []);
  // The words that random numbers are made of.
  assert.ok(!arrays.includes('Int32Array'), arrays.join());
  assert.equal(shared, 0);
});
