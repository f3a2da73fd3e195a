/** The global `fetch` of guests, from a tracked function or a text to a server and back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allowFetch } from '../../src/capabilities/index.ts';
import { isScatterError, provide, withCapabilities } from '../../src/index.ts';
import { freshName, startScatter } from '../library/support.ts';
import { startSite } from './fetch-support.ts';
import { served } from './support.ts';

const site = await startSite(async (request, response) => {
  const { method, url, headers } = request;
  if (url === '/never') return;
  if (url === '/moved') response.writeHead(302, { location: '/end' });
  if (url === '/status') response.writeHead(404, 'Nowhere');
  if (response.headersSent) {
    response.end('nothing');
    return;
  }
  response.setHeader('x-answer', 'é');
  response.setHeader('set-cookie', ['a=1', 'b=2']);
  const body = Buffer.concat(await request.toArray()).toString();
  const seen = { method, url, type: headers['content-type'], mine: headers['x-mine'], body };
  // As bytes: with a text, Node sends the headers in the encoding of the text.
  response.end(Buffer.from(JSON.stringify(seen)));
});
const allowed = allowFetch({ hosts: [site.host], methods: ['GET', 'HEAD', 'POST'] });
const scatter = startScatter({ capabilities: [allowed] });
const { url: base } = site;

test('a tracked function fetches here and in an isolate, with the same code', async () => {
  const load = async (url: string): Promise<unknown> => {
    const response = await fetch(`${url}/a?b#c`, { headers: { 'X-Mine': 'x' } });
    const { status, ok, type, redirected } = response;
    const answer = response.headers.get('x-answer');
    const where = response.url.slice(url.length);
    return [status, ok, type, redirected, where, answer, await response.json()];
  };
  const fn = await served(scatter, load);
  assert.deepEqual(fn.requires, ['fetch']);
  const expected = [
    200,
    true,
    'basic',
    false,
    '/a?b',
    'é',
    { method: 'GET', url: '/a?b', mine: 'x', body: '' },
  ];
  assert.deepEqual(await fn(base), expected);
  assert.deepEqual(await load(base), expected);
});

test('bodies, methods, redirects and statuses are those of the standard', async () => {
  const fn = await served(scatter, async (url: string) => {
    const form = new URLSearchParams({ a: 'ä b' });
    const posted = await fetch(new Request(url, { method: 'post', body: form }));
    const bytes = await fetch(url, { method: 'POST', body: new Uint8Array([104, 105]) });
    const moved = await fetch(`${url}/moved`);
    const manual = await fetch(`${url}/moved`, { redirect: 'manual' });
    const error = await fetch(`${url}/moved`, { redirect: 'error' }).catch((e: Error) => e.name);
    const missing = await fetch(`${url}/status`);
    const head = await fetch(url, { method: 'HEAD' });
    return [
      await posted.json(),
      ((await bytes.json()) as { body: string }).body,
      [moved.status, moved.redirected, moved.url.endsWith('/end')],
      [manual.status, manual.headers.get('location')],
      error,
      [missing.status, missing.ok, missing.statusText, await missing.text()],
      [head.body, await head.text(), head.headers.getSetCookie()],
    ];
  });
  assert.deepEqual(await fn(base), [
    {
      method: 'POST',
      url: '/',
      type: 'application/x-www-form-urlencoded;charset=UTF-8',
      body: 'a=%C3%A4+b',
    },
    'hi',
    [200, true, true],
    [302, '/end'],
    'TypeError',
    [404, false, 'Nowhere', 'nothing'],
    [null, '', ['a=1', 'b=2']],
  ]);
});

test('what is refused is a TypeError that says what to do, and tells nothing of this machine', async () => {
  const fn = await served(scatter, async (urls: string[]) => {
    const said = urls.map((url) =>
      fetch(url).then(
        () => 'done',
        (error) => [
          error instanceof TypeError,
          error.message,
          error.stack.includes('/'),
          Object.keys(error),
        ],
      ),
    );
    return Promise.all(said);
  });
  const local = 'http://127.0.0.1:1';
  const [listed, closed, relative] = (await fn([
    'http://elsewhere.test/x',
    local,
    '/relative',
  ])) as [boolean, string, boolean, string[]][];
  const refused = 'fetch may not reach `elsewhere.test` here; add it to allowFetch({ hosts })';
  assert.deepEqual(listed, [true, refused, false, ['code']]);
  assert.match(String(closed?.[1]), /^fetch may not reach `127\.0\.0\.1:1`/);
  assert.match(String(relative?.[1]), /^Failed to parse URL from \/relative/);
});

test('an AbortSignal rejects with its reason, before and while the request is on the way', async () => {
  const fn = await served(scatter, async (url: string) => {
    const reason = { my: 'reason' };
    const before = await fetch(url, { signal: AbortSignal.abort(reason) }).catch(
      (e) => e === reason,
    );
    const controller = new AbortController();
    const fetched = fetch(url, { signal: controller.signal }).catch((e) => e === reason);
    controller.abort(reason);
    const late = { signal: AbortSignal.timeout(10) };
    const timed = await fetch(`${url}/never`, late).catch((e) => e.name);
    const request = new Request(url, { signal: AbortSignal.abort(reason) });
    const inRequest = await fetch(request).catch((e) => e === reason);
    const replaced = (await fetch(request, { signal: null })).ok;
    return [before, await fetched, timed, inRequest, replaced];
  });
  assert.deepEqual(await fn(base), [true, true, 'TimeoutError', true, true]);
});

test('fetch and its classes are there if, and only if, the version requires `fetch`', async () => {
  const text = `export default () => ['fetch', 'Headers', 'Request', 'Response']
    .map((name) => [typeof globalThis[name], name in globalThis])`;
  const without = await scatter.load(text);
  assert.deepEqual(await without(), Array(4).fill(['undefined', false]));
  const having = await scatter.load(text, { capabilities: ['fetch'] });
  assert.deepEqual(await having(), Array(4).fill(['function', true]));
  const fresh = having.with({ limits: { freshIsolate: true } });
  assert.deepEqual(await fresh(), Array(4).fill(['function', true]));
  assert.deepEqual(await without(), Array(4).fill(['undefined', false]));
});

test('a text imports the same fetch that is global, pushed or loaded', async () => {
  const text = `import { fetch as imported } from 'scatter:capabilities';
    export default async (url) => {
      const facts = [fetch === imported, fetch === globalThis.fetch, fetch.then, fetch.get];
      return [...facts, (await imported(url)) instanceof Response];
    }`;
  const expected = [true, true, undefined, undefined, true];
  const loaded = await scatter.load(text, { capabilities: ['fetch'] });
  assert.deepEqual(await loaded(base), expected);
  const name = freshName();
  await scatter.pushSource(name, text, { capabilities: [allowed] });
  assert.deepEqual(await (await scatter.get(name))(base), expected);
});

test('a program may provide a fetch of its own, with the parts of an answer it likes', async () => {
  const seen: unknown[] = [];
  const own = provide('fetch', () => (request: { url: string }) => {
    seen.push(request);
    if (request.url.endsWith('/text')) return 'no object';
    return { status: 201, headers: [['a', 'b']], body: Buffer.from('mine') };
  });
  const fn = await served(
    scatter,
    async (url: string) => {
      const response = await fetch(url, { method: 'PUT', body: 'x' });
      const empty = await fetch(`${url}text`);
      return [
        response.status,
        response.url,
        response.headers.get('a'),
        await response.text(),
        empty.status,
      ];
    },
    { capabilities: [own] },
  );
  assert.deepEqual(await fn('http://a.test/'), [201, 'http://a.test/', 'b', 'mine', 200]);
  const [first] = seen;
  assert.deepEqual(first, {
    url: 'http://a.test/',
    method: 'PUT',
    headers: [['content-type', 'text/plain;charset=UTF-8']],
    redirect: 'follow',
    body: new Uint8Array([120]),
  });
});

test('a function that was not allowed cannot be got, and the nearest allowFetch() wins', async () => {
  const narrow = startScatter({
    capabilities: [allowFetch({ hosts: [site.host], allow: ['may-*'] })],
  });
  const load = async (url: string): Promise<number> => (await fetch(url)).status;
  await assert.rejects(served(narrow, load, {}, 'not'), (error) =>
    isScatterError(error, 'SCATTER_ERR_CAPABILITY_MISSING'),
  );
  const fn = await served(narrow, load, {}, 'may-fetch');
  assert.equal(await fn(base), 200);
  const nowhere = fn.with({ capabilities: [allowFetch({ hosts: ['example.com'] })] });
  await assert.rejects(nowhere(base), /fetch may not reach/);
});

test('without anything that provides it, the error names allowFetch()', async () => {
  const bare = startScatter();
  await assert.rejects(
    served(bare, (url: string) => fetch(url).then(({ status }) => status)),
    {
      code: 'SCATTER_ERR_CAPABILITY_MISSING',
      capability: 'fetch',
      message:
        /needs the capability `fetch`, .*; give \{ capabilities: \[allowFetch\(\{ hosts: \[…\] \}\) of 'scatter-fn\/capabilities'\] \}/,
    },
  );
});

test('a guest that changes its own classes still asks by the rules of the host', async () => {
  const text = `export default async (url) => {
    const outcome = (fetched) => fetched.then((r) => r.status, (error) => error.message);
    const ends = [await outcome(fetch(url))];
    Headers.prototype[Symbol.iterator] = function* () { yield ['host', 'evil.test']; };
    ends.push(await outcome(fetch(url)));
    Headers.prototype[Symbol.iterator] = function* () { yield ['a', 'b\\r\\nhost: evil.test']; };
    ends.push(await outcome(fetch(url)));
    Object.defineProperty(Request.prototype, 'url', { get: () => 'http://169.254.169.254/' });
    ends.push(await outcome(fetch(url)));
    return ends;
  }`;
  const fn = await scatter.load(text, { capabilities: ['fetch'] });
  assert.deepEqual(await fn(base), [
    200,
    'the header `host` cannot be set by a function; leave it out',
    'the value of the header `a` has characters that no header can have',
    'fetch may not reach `169.254.169.254` here; add it to allowFetch({ hosts })',
  ]);
});

test("callSync cannot fetch, and with isolation: 'none' the global fetch is Node's own", async () => {
  const load = async (url: string): Promise<number> => (await fetch(url)).status;
  const trusted = await served(scatter, load, { trusted: true });
  assert.throws(() => trusted.callSync(base), { code: 'SCATTER_ERR_CALL_NOT_SYNC' });
  const bare = startScatter({
    isolation: 'none',
    capabilities: [allowFetch({ hosts: ['a.test'] })],
  });
  const fn = await served(bare, load);
  assert.equal(await fn(base), 200);
  assert.equal(await withCapabilities([], () => load(base)), 200);
});
