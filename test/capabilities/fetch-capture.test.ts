/** Which tracked functions require `fetch` because of what they use. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AnyFunction, isScatterError } from '../../src/index.ts';
import { freshName, startScatter } from '../library/support.ts';

const scatter = startScatter();
const request = fetch;
const H = Headers;
const tools = { request: fetch, nested: [{ Response }] };
const helper = (url: string): Promise<unknown> => fetch(url);
class Loader {
  load(url: string): Promise<unknown> {
    return helper(url);
  }
}
class MyHeaders extends Headers {}
const captured = new Headers({ a: 'b' });

function requires(fn: AnyFunction): readonly string[] {
  return scatter.track(fn, { name: freshName() }).requires;
}

test('the globals fetch, Headers, Request and Response, used anywhere, require `fetch`', () => {
  const using: AnyFunction[] = [
    () => fetch('x'),
    () => fetch,
    () => new Headers(),
    () => new Request('http://a.test'),
    () => Response.json(1),
    (value: unknown) => value instanceof Response,
    () => [1].map(() => fetch('x')),
    () => globalThis.fetch('x'),
    () => new globalThis.Headers(),
    () => (typeof fetch === 'function' ? fetch('x') : undefined),
    (f: typeof fetch = fetch) => f('x'),
  ];
  for (const fn of using) assert.deepEqual(requires(fn), ['fetch'], String(fn));
});

test('so do they under another name, in objects, in helpers and in classes', () => {
  const using: AnyFunction[] = [
    () => request('x'),
    () => new H(),
    () => tools.request('x'),
    () => tools.nested,
    () => helper('x'),
    () => new Loader().load('x'),
    () => new MyHeaders(),
  ];
  for (const fn of using) assert.deepEqual(requires(fn), ['fetch'], String(fn));
});

test('a test with typeof, a parameter and a variable of that name do not', () => {
  const others: AnyFunction[] = [
    () => typeof fetch,
    () => typeof globalThis.fetch,
    () => globalThis,
    (fetch: (url: string) => void) => fetch('x'),
    () => {
      const Headers = Map;
      return new Headers();
    },
    () => ({ fetch: 1 }).fetch,
  ];
  for (const fn of others) assert.deepEqual(requires(fn), [], String(fn));
});

test('an own function that is called fetch is taken along, and needs nothing', () => {
  const { fetch } = { fetch: (text: string) => text };
  assert.deepEqual(
    requires(() => fetch('own')),
    [],
  );
});

test('an object of such a class is refused: what is inside cannot be read', () => {
  assert.throws(
    () => requires(() => captured.get('a')),
    (error) => isScatterError(error, 'SCATTER_ERR_CAPTURE_UNSUPPORTED'),
  );
});
