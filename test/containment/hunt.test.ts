import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { capability, provide } from '../../src/index.ts';
import { startArena } from './support.ts';

const arena = startArena({ limits: { cpuMs: 10_000, memoryMb: 400 } });
const asked: unknown[][] = [];
const tool = provide('tool', {
  ask: async (...args: unknown[]) => {
    asked.push(args);
    return { list: [1, { deep: true }], bytes: new Uint8Array(2) };
  },
  refuse: () => Promise.reject(new Error('refused')),
});

/**
 * Walks from all that a guest can lay hands on, over own keys, accessors, prototypes and constructors, and
 * makes a function of text with each constructor it meets. Gives the names of what is no guest's.
 */
const WALK = `
  const HOST = ['process.version', 'process.binding', 'require', 'module', 'Buffer', 'global', 'fetch', 'ivm', 'enterGuest',
    'WebAssembly', 'SharedArrayBuffer', 'Atomics', 'Deno', 'Worker', 'internalBinding', '$scatter', 'scatterObject', 'outbox',
    'appendRecord', 'presentCall', 'loadedFunction'];
  function walk(roots) {
    const seen = new Set();
    const found = new Set();
    const open = [globalThis];
    const look = (read) => { try { const value = read(); if (value !== null && (typeof value === 'object' || typeof value === 'function')) open.push(value); } catch {} };
    for (const root of roots) look(() => root);
    while (open.length > 0 && seen.size < 20_000) {
      const value = open.pop();
      if (value === undefined || seen.has(value)) continue;
      seen.add(value);
      look(() => Object.getPrototypeOf(value));
      look(() => value.constructor);
      for (const key of Reflect.ownKeys(value)) {
        look(() => value[key]);
        look(() => Object.getOwnPropertyDescriptor(value, key).get);
        look(() => Object.getOwnPropertyDescriptor(value, key).set);
      }
      let made;
      try { made = value.constructor.constructor('return this')(); } catch { continue; }
      if (typeof made === 'object' && made !== globalThis) found.add('another global of ' + String(value));
    }
    for (const value of seen) {
      let name = '';
      try { name = Object.prototype.toString.call(value) + (typeof value === 'function' ? value.name : ''); } catch {}
      if (/isolate|reference(?!error)|externalcopy|ivm|sharedarraybuffer|wasm/i.test(name)) found.add(name);
    }
    for (const name of HOST) {
      for (const run of [(0, eval), (code) => new Function('return ' + code)()]) {
        try { if (run('typeof ' + name) !== 'undefined') found.add(name); } catch {}
      }
    }
    return { found: [...found], seen: seen.size };
  }`;

const ROOTS: Readonly<Record<string, string>> = {
  'its arguments': 'args',
  'this and the arguments object':
    "[this, arguments, ...new Function('return [this, arguments, arguments.callee, arguments.callee.caller]')()]",
  'a capability, its members and answers':
    '[tool, tool.ask, tool.a.b.c, await tool.ask(), tool.ask()]',
  'the error of a capability':
    '[await tool.refuse().catch((error) => error), await tool.none().catch((error) => error)]',
  'the console and its methods': '[console, ...Object.values(console)]',
  'timers and what they give':
    '[setTimeout, setTimeout(() => {}), setInterval(() => {}), queueMicrotask, structuredClone]',
  clones: '[structuredClone(new Map([[1, new Error("x")]])), structuredClone(args)]',
  'errors of every kind': `[() => null.x, () => undefined(), () => new Array(-1), () => eval('('), () => decodeURI('%'), () => 1n + 1,
    () => tool.ask(() => {}), () => setTimeout(1), () => structuredClone(() => {}), () => queueMicrotask()].map((run) => { try { return run(); } catch (error) { return error; } })`,
  'frames of a stack': `(() => { const kept = []; Error.prepareStackTrace = (error, frames) => { for (const frame of frames) {
      for (const key of Object.getOwnPropertyNames(Object.getPrototypeOf(frame))) { try { kept.push(frame[key]()); } catch {} } kept.push(frame); } return frames; };
      kept.push(new Error('x').stack); Error.prepareStackTrace = undefined; return kept; })()`,
  callers: `(() => { const kept = []; function look() { try { kept.push(look.caller, look.caller?.caller, look.caller?.arguments); } catch {} }
      new Function('look', 'look()')(look); tool.ask({ get x() { new Function('f', 'try { f(arguments.callee.caller, arguments.callee.caller.caller, arguments.callee.caller.arguments) } catch {}')((...all) => kept.push(...all)); return 1; } }); return kept; })()`,
  'what patched built-ins are called with': `(() => { const kept = [];
      for (const owner of [Array.prototype, Object.getPrototypeOf(Uint8Array).prototype, Map.prototype, Promise.prototype, String.prototype, Reflect, Object, JSON]) {
        for (const key of Reflect.ownKeys(owner)) { const old = Object.getOwnPropertyDescriptor(owner, key); if (typeof old.value !== 'function' || key === 'constructor') continue;
          owner[key] = function (...all) { if (kept.length < 1000) kept[kept.length] = this; return Reflect_apply(old.value, this, all); }; } }
      return kept; })()`,
  process: '[process, process.env]',
};

describe("nothing that is not the guest's own can be reached from", () => {
  for (const [title, roots] of Object.entries(ROOTS)) {
    test(title, async () => {
      const source = `const Reflect_apply = Reflect.apply; ${WALK}
        export default async function (...args) { const roots = ${roots};
          await new Promise((done) => setTimeout(done, 1)); return walk(roots); }`;
      const args = [{ a: [new Map([[1, 2]]), new Date(0), new Error('x'), new Uint8Array(4)] }, 1n];
      const { value, error } = await arena.attack({ source, args, capabilities: [tool] });
      assert.ifError(error);
      const { found, seen } = value as { found: string[]; seen: number };
      assert.deepEqual(found, []);
      assert.ok(seen > 500, `${seen} objects`);
    });
  }
});

describe('what loads modules is not there:', () => {
  const LOADERS = {
    'import()': "import('node:fs')",
    'import() of a file': "import('file:///etc/passwd')",
    'import() in made code': 'new Function(\'return import("node:fs")\')()',
    'import() in an indirect eval': '(0, eval)(\'import("node:fs")\')',
    require: "require('node:fs')",
    'require by another name': "Function('return this')().require('fs')",
    'process.binding': "process.binding('fs')",
    'process.mainModule': 'process.mainModule.require("fs")',
    'process of the constructor of a function':
      "(() => {}).constructor('return process.exit')().call()",
    'a module of its own name': 'new Function(\'return import("scatter:capabilities")\')()',
  };
  for (const [title, expression] of Object.entries(LOADERS)) {
    test(title, async () => {
      const source = `export default async () => { await (${expression}); };`;
      const { end } = await arena.attack({ source });
      assert.match(end, /^(GUEST_THREW|SOURCE_INVALID)$/);
    });
  }
});

test('arguments that cannot cross are refused in the guest, and none of its code runs in the host', async () => {
  asked.length = 0;
  const source = `export default async () => {
    const cycle = []; cycle.push(cycle);
    const trap = new Proxy({}, { ownKeys() { throw new EvalError('trap'); } });
    const huge = new Uint8Array(9 * 2 ** 20);
    let deep = {}; for (let n = 0; n < 5000; n += 1) deep = { deep };
    const odd = [() => 1, Symbol('x'), cycle, trap, { get x() { throw new RangeError('trap'); } }, huge, deep,
      Promise.resolve(1), tool, tool.ask, globalThis, new WeakRef({}), new (class A {})(), new Proxy(() => {}, {})];
    const ends = [];
    for (const value of odd) ends.push(await tool.ask(value).then(() => 'sent', (error) => error.name));
    return ends.join();
  };`;
  const { value } = await arena.attack({ source, capabilities: [tool] });
  const type = 'TypeError';
  assert.equal(value, [type, type, type, 'EvalError', 'RangeError', ...Array(9).fill(type)].join());
  assert.deepEqual(asked, []);
});

test('text of prototypes and constructors in arguments is only text', async () => {
  asked.length = 0;
  const source = `export default () => tool.ask(JSON.parse('{"__proto__": {"admin": true}, "constructor": {"prototype": {"admin": true}}, "then": 1, "toJSON": 1}'));`;
  await arena.attack({ source, capabilities: [tool] });
  const [argument] = asked[0] as [Record<string, unknown>];
  assert.ok(Object.hasOwn(argument, '__proto__'));
  assert.equal(argument['admin'], undefined);
  assert.equal(({} as Record<string, unknown>)['admin'], undefined);
});

test('a hundred thousand requests reach an implementation as often as its budget says', async () => {
  let count = 0;
  const few = capability<{ ask(): Promise<number> }>('few', { maxCalls: 100 });
  const counting = provide(few, { ask: () => (count += 1) });
  const source = `export default async () => {
    const ends = {};
    const asked = Array.from({ length: 100_000 }, () => few.ask().then(() => 'answered', (error) => error.code));
    for (const end of await Promise.all(asked)) ends[end] = (ends[end] ?? 0) + 1;
    return ends;
  };`;
  const attack = { source, capabilities: [counting], growthMb: 300 };
  const { value } = await arena.attack(attack);
  assert.deepEqual(value, { answered: 100, SCATTER_ERR_CAPABILITY_EXHAUSTED: 99_900 });
  assert.equal(count, 100);
});
