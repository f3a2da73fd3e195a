/** Headers, Request and Response of guests do what Node's own do, in the same run. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInThisContext } from 'node:vm';
import { allowFetch } from '../../src/capabilities/index.ts';
import { startScatter } from '../library/support.ts';

/** What code gives, or the class of what it throws; data only. */
const OUTCOME = `async (code) => {
  const plain = (value) =>
    value instanceof ArrayBuffer ? ['buffer', ...new Uint8Array(value)]
    : ArrayBuffer.isView(value) ? ['bytes', ...value]
    : value instanceof Headers ? ['headers', ...[...value].map(plain)]
    : Array.isArray(value) ? value.map(plain)
    : typeof value === 'function' ? 'function'
    : typeof value === 'object' && value !== null && Symbol.toStringTag in value ? value[Symbol.toStringTag]
    : value;
  try { return { value: plain(await (0, eval)('(async () => (' + code + '))()')) }; }
  catch (error) { return { threw: error.constructor.name }; }
}`;

const CASES = {
  headers: [
    `new Headers()`,
    `new Headers({ B: 1, a: ' x ', 'content-type': 'T' })`,
    `new Headers([['a', '1'], ['A', '2'], ['b', '\\u00e9']])`,
    `new Headers(new Headers({ a: 'b' }))`,
    `new Headers(new Map([['a', 'b']]))`,
    `new Headers(Object.create({ inherited: '1' }, { seen: { value: '3', enumerable: true } }))`,
    ...['null', '1', '"text"', '[["a"]]', '[["a", "b", "c"]]', '["ab"]', '[1]', '{ "a b": 1 }'].map(
      (init) => `new Headers(${init})`,
    ),
    ...['{ "": 1 }', '{ a: "\\n" }', '{ a: "x\\ny" }', '{ a: "\\0" }', '{ a: "\\u0100" }'].map(
      (init) => `new Headers(${init})`,
    ),
    `new Headers({ [Symbol('x')]: 1 })`,
    `(() => { const h = new Headers({ a: 1 }); h.append('A', 2); return [h.get('a'), h.has('A'), h.get('b'), h.has('b')]; })()`,
    `(() => { const h = new Headers([['a', 1], ['b', 2], ['a', 3]]); h.set('A', 4); return h; })()`,
    `(() => { const h = new Headers({ a: 1, b: 2 }); h.delete('A'); h.delete('none'); return h; })()`,
    `(() => { const h = new Headers(); h.append('Set-Cookie', 'a=1'); h.append('set-cookie', 'b=2'); return [h.getSetCookie(), h.get('set-cookie'), h]; })()`,
    `new Headers([['set-cookie', 'a'], ['z', 1], ['a', 2], ['set-cookie', 'b'], ['a', 3]])`,
    `(() => { const h = new Headers([['set-cookie', 'a'], ['set-cookie', 'b']]); h.set('set-cookie', 'c'); return h.getSetCookie(); })()`,
    `(() => { const h = new Headers({ b: 1, a: 2 }); return [[...h.keys()], [...h.values()], [...h.entries()]]; })()`,
    `(() => { const seen = []; const me = {}; new Headers({ b: 1, a: 2 }).forEach(function (...args) { seen.push(args[0], args[1], args[2] instanceof Headers, this === me); }, me); return seen; })()`,
    `(() => { const h = new Headers({ a: 1, c: 1 }); const seen = []; for (const [name] of h) { seen.push(name); if (name === 'a') h.append('b', 1); } return seen; })()`,
    `new Headers().forEach(1)`,
    ...['get', 'has', 'delete'].map((method) => `new Headers().${method}('a b')`),
    ...["append('a b', 1)", "set('a', '\\r\\n x')", "append('é', 1)", "set('a', 'a\\nb')"].map(
      (call) => `(() => { const h = new Headers(); h.${call}; return h; })()`,
    ),
    `Headers.prototype[Symbol.iterator] === Headers.prototype.entries`,
    `Object.keys(Headers.prototype).sort()`,
    `Object.prototype.toString.call(new Headers())`,
    `Headers()`,
  ],
  request: [
    `(() => { const r = new Request('http://a.test/b/../c?d#e'); return [r.url, r.method, r.headers, r.body, r.bodyUsed, r.redirect, r.signal.aborted, r.cache, r.credentials, r.mode, r.keepalive, r.integrity, r.duplex, r.referrer, r.referrerPolicy, r.destination]; })()`,
    ...["'/relative'", "''", "'http://u:p@a.test'", "'http://u@a.test'", "'http://'", '{}'].map(
      (input) => `new Request(${input}).url`,
    ),
    `new Request(new URL('http://a.test/x')).url`,
    `new Request({ toString: () => 'http://a.test/y' }).url`,
    ...['get', 'post', 'PaTcH', 'delete', 'options', 'put', 'head', 'x-y'].map(
      (method) => `new Request('http://a.test', { method: '${method}' }).method`,
    ),
    ...['connect', 'TRACE', 'Track', 'a b', '', 'é'].map(
      (method) => `new Request('http://a.test', { method: '${method}' })`,
    ),
    `new Request('http://a.test', { body: 'x' })`,
    `new Request('http://a.test', { method: 'head', body: 'x' })`,
    `new Request('http://a.test', { body: null }).method`,
    ...["'tëxt'", 'new URLSearchParams({ a: "b c" })', 'new Uint8Array([1, 2])', '7', '{}'].map(
      (body) =>
        `(async () => { const r = new Request('http://a.test', { method: 'POST', body: ${body} }); return [r.headers, await r.text(), r.bodyUsed]; })()`,
    ),
    `new Request('http://a.test', { method: 'POST', body: 'x', headers: { 'content-type': 'mine' } }).headers`,
    ...["'error'", "'manual'", "'follow'", "'other'", "''", 'undefined'].map(
      (redirect) => `new Request('http://a.test', { redirect: ${redirect} }).redirect`,
    ),
    `(() => { const from = new Request('http://a.test', { method: 'POST', body: 'x', headers: { a: 'b' }, redirect: 'error' }); const r = new Request(from); return [r.method, r.url, r.headers, r.redirect, from.bodyUsed, r.bodyUsed, from.headers === r.headers]; })()`,
    `(async () => { const from = new Request('http://a.test', { method: 'POST', body: 'x' }); const r = new Request(from, { body: 'y', headers: { z: '1' } }); return [await r.text(), from.bodyUsed, r.headers.get('z'), await from.text()]; })()`,
    `(async () => { const r = new Request('http://a.test', { method: 'POST', body: 'x' }); await r.text(); return new Request(r); })()`,
    `new Request(new Request('http://a.test', { method: 'POST', body: 'x' }), { method: 'GET' })`,
    `(async () => { const r = new Request('http://a.test', { method: 'POST', body: 'x' }); const c = r.clone(); return [await c.text(), await r.text(), c.method, c.url, c.headers]; })()`,
    `(async () => { const r = new Request('http://a.test', { method: 'POST', body: 'x' }); await r.text(); return r.clone(); })()`,
    `(async () => { const c = new AbortController(); const r = new Request('http://a.test', { signal: c.signal }); const before = r.signal.aborted; c.abort('why'); return [before, r.signal.aborted, r.signal.reason, r.clone().signal.aborted, r.signal === c.signal]; })()`,
    ...['null', '{}', '1', 'AbortSignal.abort()'].map(
      (signal) => `new Request('http://a.test', { signal: ${signal} }).signal.aborted`,
    ),
    `new Request('http://a.test', { headers: null })`,
    `Object.prototype.toString.call(new Request('http://a.test'))`,
    `new Request('http://a.test').url = 'x'`,
  ],
  response: [
    `(() => { const r = new Response(); return [r.status, r.ok, r.statusText, r.headers, r.url, r.redirected, r.type, r.body, r.bodyUsed]; })()`,
    ...[
      '199',
      '200',
      '204',
      '299',
      '300',
      '404',
      '599',
      '600',
      '0',
      '"201"',
      '200.9',
      'NaN',
      'null',
    ].map(
      (status) =>
        `(() => { const r = new Response(null, { status: ${status} }); return [r.status, r.ok]; })()`,
    ),
    ...['204', '205', '304', '101'].map((status) => `new Response('x', { status: ${status} })`),
    ...["'Fine'", "'\\n'", "'\\u0100'", "'é'", '7'].map(
      (text) => `new Response(null, { statusText: ${text} }).statusText`,
    ),
    ...[
      "'tëxt'",
      "''",
      'new URLSearchParams([["a", "1"], ["a", "2"]])',
      'null',
      'undefined',
      '5',
    ].map(
      (body) =>
        `(async () => { const r = new Response(${body}); return [r.headers, r.bodyUsed, await r.text(), r.bodyUsed]; })()`,
    ),
    ...[
      'new Uint8Array([0, 255, 1]).subarray(1)',
      'new Uint16Array([258])',
      'new Uint8Array([7]).buffer',
    ].map(
      (body) =>
        `(async () => { const r = new Response(${body}); return [r.headers, await r.bytes()]; })()`,
    ),
    `new Response(new DataView(new Uint8Array([1, 2, 3]).buffer, 1)).arrayBuffer()`,
    `(async () => { const bytes = new Uint8Array([1]); const r = new Response(bytes); bytes[0] = 2; return r.bytes(); })()`,
    `(async () => { const r = new Response('x'); const a = await r.clone().bytes(); a[0] = 0; return r.text(); })()`,
    `new Response(new Uint8Array([0xef, 0xbb, 0xbf, 0x61])).text()`,
    `new Response(new Uint8Array([0xff, 0x61])).text()`,
    `new Response('{"a":[1]}').json().then((value) => value.a)`,
    `new Response('{').json()`,
    `new Response().json()`,
    `new Response('x', { headers: { 'Content-Type': 'mine', a: 'b' } }).headers`,
    `(async () => { const r = new Response('x'); await r.text(); return r.text(); })()`,
    `(async () => { const r = new Response('x'); await r.text(); return r.clone(); })()`,
    `(async () => { const r = new Response(); await r.text(); return [await r.text(), r.bodyUsed]; })()`,
    `(async () => { const r = new Response('x', { status: 201, statusText: 'S', headers: { a: 'b' } }); const c = r.clone(); c.headers.set('a', 'c'); return [c.status, c.statusText, r.headers, c.headers, await c.text(), await r.text()]; })()`,
    `(() => { const r = Response.error(); return [r.type, r.status, r.ok, r.headers]; })()`,
    `(async () => { const r = Response.json({ a: 'ä' }, { status: 201, headers: { b: 'c' } }); return [r.status, r.headers, await r.text(), r.type]; })()`,
    ...['undefined', '() => 1', '1n', 'null', "'text'"].map(
      (data) => `Response.json(${data}).text()`,
    ),
    `Response.json(1, { status: 204 })`,
    `Response.json(1, { headers: { 'content-type': 'mine' } }).headers`,
    ...["'http://a.test/x y'", "'http://a.test', 308", "'http://a.test', 200", "'/relative'"].map(
      (args) =>
        `(() => { const r = Response.redirect(${args}); return [r.status, r.headers, r.type, r.body]; })()`,
    ),
    `Object.prototype.toString.call(new Response())`,
    `new Response().status = 1`,
    `Response()`,
  ],
} as const;

const scatter = startScatter({ capabilities: [allowFetch({ hosts: ['example.com'] })] });
const inGuest = await scatter.load(`export default ${OUTCOME}`, { capabilities: ['fetch'] });
const here = runInThisContext(`(${OUTCOME})`);

for (const [what, cases] of Object.entries(CASES)) {
  test(`${what}: every case ends as it does with Node's own class`, async () => {
    for (const code of cases) {
      assert.deepEqual(await inGuest(code), await here(code), code);
    }
  });
}

test('streams, forms and blobs are not there, and say so by name', async () => {
  const rejected: [string, RegExp][] = [
    [`new Response('x').body`, /streams/],
    [`new Request('http://a.test', { method: 'POST', body: 'x' }).body`, /streams/],
    [`new Response('x').blob()`, /blob\(\) is not there/],
    [`new Response('x').formData()`, /formData\(\) is not there/],
  ];
  const text = `export default async (code) => {
    try { return await (0, eval)(code); } catch (error) { return error.constructor.name + ': ' + error.message; }
  }`;
  const fn = await scatter.load(text, { capabilities: ['fetch'] });
  for (const [code, words] of rejected) {
    const said = String(await fn(code));
    assert.match(said, /^TypeError: /);
    assert.match(said, words);
  }
});
