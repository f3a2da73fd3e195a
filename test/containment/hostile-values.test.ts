import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startArena } from './support.ts';

const arena = startArena();

/** What each variant ends with: a code, or `answered`. */
type Variants = Readonly<Record<string, readonly [end: string, body: string]>>;

const LOOPING = `const loop = () => { for (;;); };
  const looping = { __proto__: null };
  for (const trap of ['get', 'has', 'ownKeys', 'getPrototypeOf', 'getOwnPropertyDescriptor', 'isExtensible', 'set', 'defineProperty']) looping[trap] = loop;
  const throwing = { __proto__: null };
  for (const trap of Object.keys(looping)) throwing[trap] = () => { throw new Proxy({}, throwing); };
  const own = (target, key, get) => Object.defineProperty(target, key, { get, enumerable: true, configurable: true });`;

const TIMEOUT = 'GUEST_TIMEOUT';
const THREW = 'GUEST_THREW';
const UNSUPPORTED = 'VALUE_UNSUPPORTED';

const THROWN: Variants = {
  'an object whose message loops': [TIMEOUT, 'throw own({}, "message", loop);'],
  'an object whose fields loop': [TIMEOUT, 'throw own({}, "x", loop);'],
  'an error whose message loops': [TIMEOUT, 'throw own(new Error(), "message", loop);'],
  'an error whose stack loops': [TIMEOUT, 'throw own(new Error(), "stack", loop);'],
  'an error whose prototype is a looping proxy': [
    TIMEOUT,
    'throw Object.setPrototypeOf(new Error(), new Proxy({}, looping));',
  ],
  'a looping proxy': [TIMEOUT, 'throw new Proxy({}, looping);'],
  'a looping proxy of an error': [TIMEOUT, 'throw new Proxy(new Error(), looping);'],
  'a looping proxy of a function': [TIMEOUT, 'throw new Proxy(() => {}, looping);'],
  'a throwing proxy': [THREW, 'throw new Proxy({}, throwing);'],
  'an error whose fields are throwing proxies': [
    THREW,
    'throw Object.assign(new Error("x"), { a: new Proxy({}, throwing), b: new Proxy({}, throwing) });',
  ],
  'a revoked proxy': [
    THREW,
    'const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); throw proxy;',
  ],
  'a toString that loops': [TIMEOUT, 'throw { toString: loop };'],
  'a Symbol.toPrimitive that loops': [TIMEOUT, 'throw { [Symbol.toPrimitive]: loop };'],
  'an error with a message that is no text': [
    THREW,
    'throw Object.assign(new Error(), { message: { toString() { throw 1; } } });',
  ],
  'an error with a message that converts itself for ever': [
    TIMEOUT,
    'throw Object.assign(new Error(), { message: { toString: loop } });',
  ],
  'a prepareStackTrace that loops': [
    TIMEOUT,
    'Error.prepareStackTrace = loop; throw new Error("x");',
  ],
  'a prepareStackTrace that gives objects': [
    THREW,
    'Error.prepareStackTrace = (error, frames) => ({ frames, toString() { throw frames; } }); throw new Error("x");',
  ],
  'a prepareStackTrace that throws': [
    THREW,
    'Error.prepareStackTrace = () => { throw new Proxy({}, throwing); }; throw new Error("x");',
  ],
  'a prepareStackTrace that is a looping proxy': [
    THREW,
    'Error.prepareStackTrace = new Proxy(loop, looping); throw new Error("x");',
  ],
  'a stackTraceLimit that loops': [
    THREW,
    'own(Error, "stackTraceLimit", loop); throw new Error("x");',
  ],
  'the overflow of the stack': [
    THREW,
    'const again = () => again() + 1; Error.prepareStackTrace = again; again();',
  ],
  undefined: [THREW, 'throw undefined;'],
  'a symbol': [THREW, 'throw Symbol("x");'],
  'a function whose text loops': [TIMEOUT, 'loop.toString = loop; throw loop;'],
  'an error of errors that go round': [
    THREW,
    'const error = new AggregateError([], "x"); error.errors.push(error); error.cause = error; throw error;',
  ],
  'an error with an array that never ends': [
    THREW,
    'throw Object.assign(new Error("x"), { list: new Proxy([], { get: (list, key) => key === "length" ? 2 ** 32 - 1 : 1 }) });',
  ],
};

const RETURNED: Variants = {
  'a getter that loops': [TIMEOUT, 'return own({}, "x", loop);'],
  'a getter that loops, deep inside': [
    TIMEOUT,
    'return { a: [new Map([[1, { b: own({}, "x", loop) }]])] };',
  ],
  'a getter that throws a looping proxy': [
    TIMEOUT,
    'return own({}, "x", () => { throw new Proxy({}, looping); });',
  ],
  'a getter that throws a throwing proxy': [
    THREW,
    'return own({}, "x", () => { throw new Proxy({}, throwing); });',
  ],
  'a getter that changes its object': [
    UNSUPPORTED,
    'const it = { a: 1 }; own(it, "x", () => { it.more = loop; for (let n = 0; n < 10; n += 1) it["k" + n] = loop; return it; }); return it;',
  ],
  'a looping proxy': [TIMEOUT, 'return new Proxy({}, looping);'],
  'a looping proxy of an array': [TIMEOUT, 'return new Proxy([], looping);'],
  'a throwing proxy': [THREW, 'return new Proxy({}, throwing);'],
  'an array whose length is a lie': [
    'VALUE_TOO_LARGE',
    'return new Proxy([], { get: (list, key) => key === "length" ? 2 ** 32 - 1 : 1 });',
  ],
  'keys that are made up without end': [
    TIMEOUT,
    'return new Proxy({}, { ownKeys: () => Array.from({ length: 3e6 }, (_, n) => "k" + n) });',
  ],
  'an object in itself': [UNSUPPORTED, 'const it = {}; it.self = it; return it;'],
  'a million objects in each other': [
    UNSUPPORTED,
    'let it = {}; for (let n = 0; n < 1e6; n += 1) it = { it }; return it;',
  ],
  'a million arrays in each other': [
    UNSUPPORTED,
    'let it = []; for (let n = 0; n < 1e6; n += 1) it = [it]; return it;',
  ],
  'an object made anew for ever': [
    UNSUPPORTED,
    'const make = () => own({}, "next", make); return make();',
  ],
  'an array whose Symbol.species loops': [
    'answered',
    'const list = [1]; list.constructor = { get [Symbol.species]() { loop(); } }; return list;',
  ],
  'an array whose iterator loops': [
    'answered',
    'Array.prototype[Symbol.iterator] = loop; return [1];',
  ],
  'a Map whose methods loop': [
    'answered',
    'Map.prototype.forEach = Map.prototype.entries = Map.prototype[Symbol.iterator] = loop; return new Map([]);',
  ],
  'a typed array whose methods loop': [
    'answered',
    'Object.getPrototypeOf(Uint8Array).prototype.subarray = loop; own(Uint8Array.prototype, "length", loop); return new Uint8Array(3);',
  ],
  'a date that converts itself for ever': [
    'answered',
    'Date.prototype.getTime = Date.prototype.valueOf = loop; own(Date.prototype, Symbol.toPrimitive, loop); return new Date(0);',
  ],
  'a toJSON that loops': [UNSUPPORTED, 'return { toJSON: loop };'],
  'an error whose stack loops': [
    'answered',
    'return Object.defineProperty(new Error("x"), "stack", { get: loop });',
  ],
  'a WeakRef, a symbol, a promise in an array': [
    UNSUPPORTED,
    'return [new WeakRef({}), Symbol("x"), Promise.resolve(1)];',
  ],
};

const THENABLES: Variants = {
  'a getter of then that loops': [TIMEOUT, 'return own({}, "then", loop);'],
  'a then that loops': [TIMEOUT, 'return { then: loop };'],
  'a then that is a looping proxy': [TIMEOUT, 'return { then: new Proxy(loop, looping) };'],
  'a then that throws a looping proxy': [
    TIMEOUT,
    'return { then() { throw new Proxy({}, looping); } };',
  ],
  'a then that calls back twice': [
    'answered',
    'return { then(done, fail) { done(1); done(2); fail(3); throw new Proxy({}, looping); } };',
  ],
  'a then that calls back at once and loops': [
    TIMEOUT,
    'return { then(done) { done(1); loop(); } };',
  ],
  'a then that calls back with itself': [TIMEOUT, 'return { then(done) { done(this); } };'],
  'a promise with a then of its own': [
    'answered',
    'return Object.assign(Promise.resolve(1), { then: loop });',
  ],
  'a promise whose constructor loops': [
    TIMEOUT,
    'return own(Promise.resolve(1), "constructor", loop);',
  ],
  'a promise whose Symbol.species loops': [
    TIMEOUT,
    'const it = Promise.resolve(1); it.constructor = { get [Symbol.species]() { loop(); } }; return it;',
  ],
  'a Promise whose Symbol.species loops': [
    'answered',
    'own(Promise, Symbol.species, loop); return Promise.resolve(1);',
  ],
  'a rejection with a looping proxy': [TIMEOUT, 'return Promise.reject(new Proxy({}, looping));'],
  'a rejection with an error whose stack loops': [
    TIMEOUT,
    'return Promise.reject(own(new Error(), "stack", loop));',
  ],
  'a promise of a looping proxy': [
    TIMEOUT,
    'return { then(done) { done(new Proxy({}, looping)); } };',
  ],
  'a patched Promise.prototype.then': [
    TIMEOUT,
    'Promise.prototype.then = loop; return Promise.resolve(1).then(1);',
  ],
};

const PRINTED: Variants = {
  'a getter that loops': ['answered', 'console.log(own({}, "x", loop));'],
  'a looping proxy': [
    TIMEOUT,
    'console.log(new Proxy({}, looping), new Proxy([], looping), new Proxy(loop, looping));',
  ],
  'a throwing proxy': [
    THREW,
    'console.error("%s %o %j %d", ...[1, 2, 3, 4].map(() => new Proxy({}, throwing)));',
  ],
  'an error whose stack loops': [TIMEOUT, 'console.log(own(new Error(), "stack", loop));'],
  'an object in itself': ['answered', 'const it = {}; it.self = it; console.log(it);'],
  'a million objects in each other': [
    'answered',
    'let it = {}; for (let n = 0; n < 1e6; n += 1) it = { it }; console.log(it);',
  ],
  'a list of a million': [
    'answered',
    'console.log(Array.from({ length: 1e6 }, (_, n) => ({ n })));',
  ],
};

describe('a thrown value cannot keep its thread:', () => each(THROWN));
describe('a returned value cannot keep its thread:', () => each(RETURNED));
describe('a promise or thenable cannot keep its thread:', () => each(THENABLES));
describe('a printed value cannot keep its thread:', () => each(PRINTED));

function each(variants: Variants): void {
  for (const [title, [expected, body]] of Object.entries(variants)) {
    test(title, async () => {
      const source = `${LOOPING}\nexport default () => { ${body} }`;
      const limits = { cpuMs: expected === TIMEOUT ? 100 : 3000 };
      const { end, error } = await arena.attack({ source, limits });
      assert.equal(end, expected, error?.message);
      assert.doesNotMatch(
        JSON.stringify(error?.guest ?? {}),
        /prelude|\/src\/|node_modules|workers/,
      );
    });
  }
}
