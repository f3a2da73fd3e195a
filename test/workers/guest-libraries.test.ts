/** What is loaded at first use: its names before and after, and that a guest gains nothing by tampering. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LIBRARY_GLOBALS } from '../../workers/guest/library-globals.ts';
import { call, guest, startPool } from '../pool/support.ts';

// Those of `fetch` are not in every guest.
const { fetch: _notEverywhere, ...always } = LIBRARY_GLOBALS;
const NAMES = Object.values(always).flat();
const pool = startPool();
let made = 0;

/** In an isolate that nothing has been used in. */
function inFreshGuest(source: string, ...args: readonly unknown[]): Promise<unknown> {
  made += 1;
  return call(pool, guest(`fresh${made}`, `/* ${made} */ ${source}`), args);
}

describe('a global that is loaded at first use', () => {
  it('becomes an ordinary property when it is read', async () => {
    const kinds = await inFreshGuest(
      `(names) => names.map((name) => {
        const before = Object.getOwnPropertyDescriptor(globalThis, name);
        const value = globalThis[name];
        const { writable, configurable, enumerable, value: after } =
          Object.getOwnPropertyDescriptor(globalThis, name);
        return [typeof before.get, before.enumerable, typeof value, after === value,
          globalThis[name] === value, writable, configurable, enumerable];
      })`,
      NAMES,
    );
    for (const [index, kind] of (kinds as unknown[][]).entries()) {
      const type = NAMES[index] === 'crypto' ? 'object' : 'function';
      assert.deepEqual(
        kind,
        ['function', false, type, true, true, true, true, false],
        NAMES[index],
      );
    }
  });

  it('can be assigned, declared and inherited before it is read', async () => {
    const outcome = await inFreshGuest(`() => {
      URL = 1;
      globalThis.atob = 2;
      const heir = Object.create(globalThis);
      heir.btoa = 3;
      (0, eval)('var Event = 4; function EventTarget() { return 5; }');
      return [URL, atob, heir.btoa, Object.keys(heir), typeof btoa, Event, EventTarget(),
        typeof URLSearchParams, typeof CustomEvent, Object.getPrototypeOf(CustomEvent).name,
        Object.getOwnPropertyDescriptor(globalThis, 'URL').enumerable];
    }`);
    const names = ['function', 'function', 'Event'];
    assert.deepEqual(outcome, [1, 2, 3, ['btoa'], 'function', 4, 5, ...names, false]);
  });

  it('stays away when it was deleted, and its accessor puts nothing back', async () => {
    const outcome = await inFreshGuest(`() => {
      const { get } = Object.getOwnPropertyDescriptor(globalThis, 'URL');
      delete globalThis.URL;
      const { get: encoder } = Object.getOwnPropertyDescriptor(globalThis, 'TextEncoder');
      globalThis.TextEncoder = 1;
      return [typeof get(), typeof URL, typeof URLSearchParams, typeof URL, typeof encoder(), TextEncoder];
    }`);
    assert.deepEqual(outcome, ['function', 'undefined', 'function', 'undefined', 'function', 1]);
  });

  it('can be read from a global object that is frozen', async () => {
    const outcome = await inFreshGuest(`() => {
      Object.freeze(globalThis);
      return [typeof URL, URL === URL, new URL('https://a/b').href];
    }`);
    assert.deepEqual(outcome, ['function', true, 'https://a/b']);
  });

  it('is the same again after a first use that failed', async () => {
    const outcome = await inFreshGuest(`() => {
      const errors = new Set();
      const deep = (n) => { try { return new URL('https://a/').href; } catch (error) { errors.add(error.name); return ''; } };
      // So deep that there is no room for it, and then less.
      const fall = (n) => { try { fall(n + 1); } catch (error) { errors.add(error.name); } if (n % 50 === 0) deep(); };
      fall(1);
      return [[...errors], new URL('https://a/').href, new URL('https://b/') instanceof URL];
    }`);
    assert.deepEqual(outcome, [['RangeError'], 'https://a/', true]);
  });
});

describe('a guest that has replaced built-ins before the first use', () => {
  it('has random numbers, encodings and base64 as before, or an error of its own', async () => {
    const outcome = await inFreshGuest(
      `(names) => {
      const set = Reflect.defineProperty, keys = Reflect.ownKeys;
      const owners = [Object, Array, String, Math, Reflect, Map, Set, Promise, Function].flatMap((one) => [one, one.prototype]);
      for (let i = 0; i < owners.length; i += 1) {
        if (owners[i] === undefined) continue;
        const own = keys(owners[i]);
        for (let k = 0; k < own.length; k += 1) {
          if (own[k] !== 'prototype') set(owners[i], own[k], { get() { throw 'mine'; }, configurable: true });
        }
      }
      const uuid = crypto.randomUUID();
      let outcomes = '';
      for (let i = 0; i < names.length; i += 1) {
        try { outcomes += typeof globalThis[names[i]] + ' '; } catch (error) { outcomes += (error === 'mine' ? 'mine' : 'other') + ' '; }
      }
      return { length: uuid.length, outcomes };
    }`,
      NAMES,
    );
    const { length, outcomes } = outcome as { length: number; outcomes: string };
    assert.equal(length, 36);
    assert.match(outcomes, /^(?:(?:function|object|mine|other) )+$/);
  });

  it('does not take part in what the worker is told', async () => {
    const lines: string[] = [];
    const source = `async () => {
      const { apply } = Reflect;
      for (const key of ['push', 'map', 'filter', 'forEach', 'join', 'slice', 'includes', 'flatMap', 'find', 'some']) {
        const original = Array.prototype[key];
        Array.prototype[key] = function (...args) { return apply(original, this, args); };
      }
      const seen = [];
      const target = new EventTarget();
      target.addEventListener('x', () => { throw new Error('reported'); });
      target.dispatchEvent(new Event('x'));
      const signal = AbortSignal.timeout(1);
      await new Promise((resolve) => { signal.onabort = resolve; });
      return signal.reason.name;
    }`;
    const name = await call(pool, guest('reporting', source), [], {
      onLog: (line) => lines.push(line.text),
    });
    assert.equal(name, 'TimeoutError');
    assert.match(lines.join(), /^Uncaught Error: reported/);
  });
});
