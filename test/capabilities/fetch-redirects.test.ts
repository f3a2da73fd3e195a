/** Every hop of a redirect is a request of its own, with the same rules. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer as createTlsServer } from 'node:https';
import { test } from 'node:test';
import { setDefaultCACertificates } from 'node:tls';
import { fetchWith, resolving, startSite, textOf } from './fetch-support.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT'];
// `/to/307/http://…` redirects there; anything else tells what arrived.
const site = await startSite(async (request, response) => {
  const [, status, target] = /^\/to\/(\d+)\/(.*)$/s.exec(request.url ?? '') ?? [];
  if (status !== undefined && target !== undefined) {
    response.writeHead(Number(status), { location: decodeURIComponent(target) }).end('moved');
    return;
  }
  const body = Buffer.concat(await request.toArray()).toString();
  const { method, url, headers } = request;
  response.end(JSON.stringify({ method, url, headers, body }));
});
const other = await startSite((request, response) => response.end(JSON.stringify(request.headers)));
const fetch = fetchWith({ hosts: [site.host, other.host], methods: METHODS });

function to(target: string, status = 302): string {
  return `${site.url}/to/${status}/${encodeURIComponent(target)}`;
}

test('redirects are followed, relative ones too, and the answer says where from', async () => {
  for (const status of [301, 302, 303, 307, 308]) {
    const answer = await fetch({ url: to(to('/end?x', status), status) });
    assert.deepEqual(
      [answer.status, answer.url, answer.redirected],
      [200, `${site.url}/end?x`, true],
    );
  }
  const direct = await fetch({ url: `${site.url}/end` });
  assert.equal(direct.redirected, false);
});

test('at most five redirects in a row are followed', async () => {
  const chain = (hops: number): string => (hops === 0 ? '/end' : to(chain(hops - 1)));
  assert.equal((await fetch({ url: chain(5) })).status, 200);
  await assert.rejects(fetch({ url: chain(6) }), {
    name: 'TypeError',
    message: `\`${site.host}\` leads to more than 5 redirects in a row`,
  });
});

test("redirect 'manual' gives the redirect itself, and 'error' a TypeError", async () => {
  const url = to('http://10.0.0.1/');
  const answer = await fetch({ url, redirect: 'manual' });
  const location = answer.headers.find(([name]) => name === 'location')?.[1];
  assert.deepEqual(
    [answer.status, answer.redirected, location, textOf(answer)],
    [302, false, 'http://10.0.0.1/', 'moved'],
  );
  await assert.rejects(fetch({ url, redirect: 'error' }), {
    name: 'TypeError',
    message: /redirects/,
  });
  assert.equal((await fetch({ url: `${site.url}/end`, redirect: 'error' })).status, 200);
});

test('a redirect to what is not listed is refused: other hosts, ports, loopback, metadata, schemes', async () => {
  const targets = [
    [
      'http://evil.test/',
      '//evil.test/x',
      'http://127.0.0.1/',
      'http://localhost/',
      'http://[::1]/',
    ],
    ['http://169.254.169.254/latest/meta-data', 'http://2852039166/', 'http://[::ffff:a9fe:a9fe]/'],
    ['http://127.0.0.2:1', `http://127.1:${other.port + 1}`, 'https://127.0.0.1/'],
  ].flat();
  for (const target of targets) {
    await assert.rejects(fetch({ url: to(target) }), {
      name: 'TypeError',
      message:
        /^after a redirect of `[^`]*`: fetch may not reach `[^`]*` here; add it to allowFetch/,
    });
  }
  for (const target of ['file:///etc/passwd', 'data:text/plain,x', 'javascript:1']) {
    await assert.rejects(fetch({ url: to(target) }), { message: /only http: and https:/ });
  }
  await assert.rejects(fetch({ url: to(`http://u:p@${site.host}/`) }), { message: /password/ });
  await assert.rejects(fetch({ url: to('http://a b/') }), {
    message: /redirects to what is no URL/,
  });
});

test('a redirect to a listed name that leads to an address that is not public is refused', async () => {
  const resolve = resolving({ 'listed.test': '10.0.0.1' });
  const named = fetchWith({ hosts: [site.host, 'listed.test'] }, resolve);
  await assert.rejects(named({ url: to('http://listed.test/') }), { message: /not public/ });
});

test('the method changes as the Fetch standard says, and the body goes with it', async () => {
  const headers: [string, string][] = [
    ['content-type', 'text/x'],
    ['content-language', 'de'],
    ['x-kept', '1'],
  ];
  const table: [number, string, string][] = [
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'POST', 'GET'],
    [303, 'PUT', 'GET'],
    [301, 'PUT', 'PUT'],
    [302, 'PUT', 'PUT'],
    [307, 'POST', 'POST'],
    [308, 'POST', 'POST'],
    [303, 'HEAD', 'HEAD'],
    [302, 'HEAD', 'HEAD'],
  ];
  for (const [status, method, after] of table) {
    const body = method === 'HEAD' ? {} : { body: Buffer.from('x') };
    const answer = await fetch({ url: to('/end', status), method, headers, ...body });
    assert.equal(site.seen.at(-1)?.method, after, `${method} ${status}`);
    if (after === 'HEAD') continue;
    const seen = JSON.parse(textOf(answer));
    const isKept = after === method;
    assert.deepEqual(
      [seen.body, seen.headers['content-type'], seen.headers['content-language']],
      isKept ? ['x', 'text/x', 'de'] : ['', undefined, undefined],
    );
    assert.equal(seen.headers['x-kept'], '1');
  }
});

test('a method that a redirect leads to must be listed as well', async () => {
  const posting = fetchWith({ hosts: [site.host], methods: ['POST'] });
  await assert.rejects(posting({ url: to('/end', 303), method: 'POST' }), {
    message: /^after a redirect .*may not use the method "GET"/,
  });
});

test('another origin does not get what was meant for the first', async () => {
  const headers: [string, string][] = [
    ['Authorization', 'Bearer x'],
    ['Cookie', 'a=b'],
    ['X-Kept', '1'],
  ];
  const same = JSON.parse(textOf(await fetch({ url: to('/end'), headers }))).headers;
  assert.deepEqual([same.authorization, same.cookie, same['x-kept']], ['Bearer x', 'a=b', '1']);
  const gone = JSON.parse(textOf(await fetch({ url: to(other.url), headers })));
  assert.deepEqual([gone.authorization, gone.cookie, gone['x-kept']], [undefined, undefined, '1']);
  assert.equal(gone.host, other.host);
  // Back at the first, they stay away.
  const hop = await startSite((_request, response) =>
    response.writeHead(302, { location: `${site.url}/end` }).end(),
  );
  const there = fetchWith({ hosts: [site.host, hop.host] });
  const back = JSON.parse(textOf(await there({ url: to(hop.url), headers }))).headers;
  assert.deepEqual([back.authorization, back.cookie], [undefined, undefined]);
});

test('a server that nobody vouches for is refused, and so is a redirect out of TLS', async () => {
  const read = (name: string): Promise<string> =>
    readFile(new URL(`../redis/servers/certificates/${name}`, import.meta.url), 'utf8');
  const [cert, key, ca] = await Promise.all(['server.pem', 'server-key.pem', 'ca.pem'].map(read));
  const safe = await startSite((request, response) => {
    const location = request.url === '/up' ? '/end' : `${site.url}/end`;
    if (request.url === '/end') response.end('safe');
    else response.writeHead(302, { location }).end();
  }, createTlsServer({ cert, key }));
  const secure = fetchWith({ hosts: [safe.host, site.host] });
  await assert.rejects(secure({ url: `${safe.url}/end` }), {
    name: 'TypeError',
    message: `fetch of \`${safe.url}\` failed: no trusted TLS connection could be made`,
  });
  setDefaultCACertificates([ca ?? '']);
  assert.equal(textOf(await secure({ url: `${safe.url}/up` })), 'safe');
  const before = site.seen.length;
  await assert.rejects(secure({ url: `${safe.url}/down` }), {
    name: 'TypeError',
    message: `\`${safe.host}\` redirects to a URL without TLS; fetch the https: one`,
  });
  assert.equal(site.seen.length, before);
  // Into TLS is fine.
  assert.equal(textOf(await secure({ url: to(`${safe.url}/end`) })), 'safe');
});
