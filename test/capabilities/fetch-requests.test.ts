/** What a request may be made of; guests send whatever they like. */
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, test } from 'node:test';
import { fetchWith, startSite, textOf } from './fetch-support.ts';

const site = await startSite(async (request, response) => {
  const chunks = await request.toArray();
  response.setHeader('x-twice', ['a', 'b']);
  response.setHeader('set-cookie', ['a=1', 'b=2']);
  response.statusMessage = 'Very Good';
  response.end(Buffer.concat(chunks));
});
const METHODS = ['get', 'HEAD', 'Post', 'DELETE'];
const fetch = fetchWith({ hosts: [site.host], methods: METHODS, maxBytes: 1000 });

function lastSeen(): (typeof site.seen)[number] {
  const seen = site.seen.at(-1);
  assert.ok(seen);
  return seen;
}

test('an answer has its url without the fragment, status, text, headers one by one, and the body', async () => {
  const answer = await fetch({ url: `${site.url}/a?b#c`, method: 'POST', body: Buffer.from('hi') });
  const { headers, body, ...rest } = answer;
  assert.deepEqual(rest, {
    url: `${site.url}/a?b`,
    status: 200,
    statusText: 'Very Good',
    redirected: false,
  });
  assert.equal(textOf(answer), 'hi');
  assert.equal(body.constructor, Uint8Array);
  const chosen = headers.filter(([name]) => name === 'x-twice' || name === 'set-cookie');
  assert.deepEqual(
    chosen.map((pair) => pair.join('=')),
    ['x-twice=a', 'x-twice=b', 'set-cookie=a=1', 'set-cookie=b=2'],
  );
});

test('a request has the headers of its function and few more: no cookie, no credentials', async () => {
  await fetch({ url: site.url, headers: [['X-Mine', ' é ']] });
  const { headers } = lastSeen();
  assert.deepEqual(headers, {
    accept: '*/*',
    'accept-encoding': 'gzip, br',
    connection: 'keep-alive',
    host: site.host,
    'user-agent': 'scatter-fn',
    'x-mine': 'é',
  });
  await fetch({ url: site.url, headers: [['User-Agent', 'mine']] });
  assert.equal(lastSeen().headers['user-agent'], 'mine');
  // The answers before this one have set some.
  assert.equal(lastSeen().headers['cookie'], undefined);
});

test('methods are listed and used in any case, and others are refused', async () => {
  for (const method of ['GET', 'get', 'POST', 'delete', 'Head']) {
    await fetch({ url: site.url, method });
    assert.equal(lastSeen().method, method.toUpperCase());
  }
  const before = site.seen.length;
  for (const method of ['PUT', 'patch', 'CONNECT', 'TRACE', '', 'GET / HTTP/1.1\r\nX: ', 'GET ']) {
    await assert.rejects(fetch({ url: site.url, method }), {
      name: 'TypeError',
      message: /may not use the method .*allowFetch\(\{ methods \}\)/,
    });
  }
  assert.equal(site.seen.length, before);
});

test('headers that belong to the connection are refused by name', async () => {
  const names = [
    ['Host', 'connection', 'Content-Length', 'transfer-encoding', 'Upgrade', 'expect', 'TE'],
    ['trailer', 'keep-alive', 'Proxy-Authorization', 'proxy-connection', 'http2-settings'],
  ].flat();
  for (const name of names) {
    await assert.rejects(fetch({ url: site.url, headers: [[name, '1']] }), {
      name: 'TypeError',
      message: `the header \`${name.toLowerCase()}\` cannot be set by a function; leave it out`,
    });
  }
});

test('no header can smuggle in another one, a body or a request', async () => {
  const bad: [string, string][] = [
    ['x', 'a\r\nHost: evil.test'],
    ['x', 'a\nb'],
    ['x', 'a\0b'],
    ['x', 'a\r\n\r\nGET /admin HTTP/1.1'],
    ['x', '\u{1f600}'],
    ['x', 'č\u010d\u010a'],
    ['x\r\ny', '1'],
    ['x: 1\r\ny', '1'],
    ['', '1'],
    ['Host ', '1'],
    [' host', '1'],
    ['ho\tst', '1'],
    ['x\u212a', '1'],
  ];
  const before = site.seen.length;
  for (const pair of bad) {
    await assert.rejects(fetch({ url: site.url, headers: [pair] }), { name: 'TypeError' });
  }
  await assert.rejects(fetch({ url: site.url, headers: [['x', 'y'.repeat(20_000)]] }), {
    message: /larger than 16384 bytes/,
  });
  assert.equal(site.seen.length, before);
});

test('no header asks a server for a method that is not listed', async () => {
  for (const name of ['X-HTTP-Method-Override', 'x-http-method', 'x-method-override']) {
    await assert.rejects(fetch({ url: site.url, headers: [[name, 'PUT']] }), {
      message: /methods/,
    });
    await assert.rejects(fetch({ url: site.url, headers: [[name, 'GET, put']] }), TypeError);
    await fetch({ url: site.url, method: 'POST', headers: [[name, 'delete']] });
  }
});

test('paths and queries reach the server as the URL has them, and nothing ends the request line', async () => {
  await fetch({ url: `${site.url}/a b?c d\r\n\tHTTP/1.1` });
  assert.equal(lastSeen().url, '/a%20b?c%20dHTTP/1.1');
});

test('a body is bytes, not larger than maxBytes, and not for GET and HEAD', async () => {
  const body = new Uint8Array(1000);
  assert.equal((await fetch({ url: site.url, method: 'POST', body })).body.byteLength, 1000);
  assert.equal(lastSeen().headers['content-length'], '1000');
  await assert.rejects(fetch({ url: site.url, method: 'POST', body: new Uint8Array(1001) }), {
    name: 'TypeError',
    message: /body of the request is larger than 1000 bytes; raise maxBytes/,
  });
  for (const method of ['GET', 'HEAD']) {
    await assert.rejects(fetch({ url: site.url, method, body }), { message: /cannot have a body/ });
  }
});

test('whatever else is sent in place of a request is refused with a TypeError', async () => {
  const { url } = site;
  const good = { url, method: 'GET', headers: [], redirect: 'follow' };
  const bad: unknown[] = [
    ...[undefined, null, 1, 'x', [], {}, url].map((one) => ({ instead: one })),
    ...[1, null, {}, ['GET']].map((method) => ({ ...good, method })),
    ...[undefined, null, {}, 'x: y', [['a']], [['a', 'b', 'c']], [['a', 1]], [[1, 'a']]].map(
      (headers) => ({ ...good, headers }),
    ),
    ...['text', {}, [1], 1, new ArrayBuffer(2)].map((body) => ({ ...good, method: 'POST', body })),
    ...[undefined, null, 'Follow', 1, {}].map((redirect) => ({ ...good, redirect })),
    ...[1, null, {}, [url]].map((one) => ({ ...good, url: one })),
  ];
  for (const asked of bad) {
    await assert.rejects(fetch(asked as never), { name: 'TypeError' }, JSON.stringify(asked));
  }
});

test('what is not HTTP, and a connection that is cut, are said so without details', async () => {
  const server = createServer((socket) => {
    socket.once('data', (data) => {
      if (String(data).startsWith('GET /cut')) {
        socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf');
      } else socket.end('SSH-2.0-OpenSSH_9\r\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => server.close());
  const { port } = server.address() as { port: number };
  const raw = fetchWith({ hosts: [`127.0.0.1:${port}`] });
  const failure = `fetch of \`http://127.0.0.1:${port}\` failed: `;
  await assert.rejects(raw({ url: `http://127.0.0.1:${port}` }), {
    name: 'TypeError',
    message: `${failure}it does not answer with HTTP`,
  });
  await assert.rejects(raw({ url: `http://127.0.0.1:${port}/cut` }), {
    name: 'TypeError',
    message: `${failure}the connection was cut off`,
  });
});
