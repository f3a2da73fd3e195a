/** Bodies of answers: decoded, and never larger than `maxBytes`. */
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { fetchWith, startSite, textOf } from './fetch-support.ts';

const MAX = 10_000;
const CODERS = {
  gzip: gzipSync,
  'x-gzip': gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
};
type Coding = keyof typeof CODERS;

const answers: Record<string, (response: ServerResponse) => void> = {};
const site = await startSite(({ url = '' }, response) => {
  const answer = answers[url.slice(1)];
  if (answer !== undefined) return answer(response);
  const [, codings = '', bytes = ''] = url.split('/');
  let body: Uint8Array = Buffer.alloc(Number(bytes), 'a');
  for (const coding of codings.split(',')) body = CODERS[coding as Coding](body);
  response.setHeader('content-encoding', codings).end(body);
});
const fetch = fetchWith({ hosts: [site.host], maxBytes: MAX });
const TOO_LARGE = {
  name: 'TypeError',
  message: `the body of the response is larger than ${MAX} bytes; raise maxBytes of allowFetch()`,
};

/** Writes for as long as somebody reads, and says how much that was. */
function endless(response: ServerResponse, chunk: Uint8Array): Promise<number> {
  let written = 0;
  const write = (): void => {
    while (!response.destroyed && response.write(chunk)) written += chunk.byteLength;
  };
  response.on('drain', write);
  write();
  return new Promise((resolve) => response.on('close', () => resolve(written)));
}

test('a body of exactly maxBytes arrives, with and without a length, and one byte more does not', async () => {
  for (const extra of [0, 1]) {
    answers['sized'] = (response) =>
      response.setHeader('content-length', MAX + extra).end(Buffer.alloc(MAX + extra));
    answers['chunked'] = (response) => {
      response.write(Buffer.alloc(MAX));
      response.end(Buffer.alloc(extra));
    };
    for (const path of ['sized', 'chunked']) {
      const url = `${site.url}/${path}`;
      if (extra === 0) assert.equal((await fetch({ url })).body.byteLength, MAX);
      else await assert.rejects(fetch({ url }), TOO_LARGE);
    }
  }
});

test('an endless body is given up with its connection', async () => {
  const { promise, resolve } = Promise.withResolvers<number>();
  answers['endless'] = (response) => endless(response, Buffer.alloc(4096)).then(resolve);
  await assert.rejects(fetch({ url: `${site.url}/endless` }), TOO_LARGE);
  // What fills the buffers of both ends, and not more.
  assert.ok((await promise) < 50_000_000);
});

test('every known coding is decoded, several in a row too, and its headers stay', async () => {
  for (const codings of [...Object.keys(CODERS), 'gzip,br', 'deflate,gzip,zstd']) {
    const answer = await fetch({ url: `${site.url}/${codings}/9000` });
    assert.equal(textOf(answer), 'a'.repeat(9000), codings);
    const encoding = answer.headers.find(([name]) => name === 'content-encoding');
    assert.deepEqual(encoding, ['content-encoding', codings]);
  }
});

test('a small body that decodes to a large one is given up, whichever coding makes it', async () => {
  for (const codings of [...Object.keys(CODERS), 'gzip,gzip', 'br,gzip']) {
    const before = process.memoryUsage().arrayBuffers;
    await assert.rejects(fetch({ url: `${site.url}/${codings}/50000000` }), TOO_LARGE, codings);
    const grown = process.memoryUsage().arrayBuffers - before;
    assert.ok(grown < 60_000_000, `${codings}: ${grown}`);
  }
});

test('more codings in a row than anybody needs are refused', async () => {
  answers['many'] = (response) =>
    response.setHeader('content-encoding', Array(6).fill('gzip').join()).end(gzipSync('x'));
  await assert.rejects(fetch({ url: `${site.url}/many` }), { message: /more than 5 times/ });
});

test('a body that is not what its coding says is a TypeError; of an unknown coding it stays', async () => {
  for (const coding of ['gzip', 'deflate', 'br', 'zstd']) {
    answers['wrong'] = (response) =>
      response.setHeader('content-encoding', coding).end('this is text, not what it says');
    await assert.rejects(fetch({ url: `${site.url}/wrong` }), {
      name: 'TypeError',
      message: `fetch of \`${site.url}\` failed: the body is not what its Content-Encoding says`,
    });
  }
  for (const coding of ['constructor', 'exotic', 'identity', 'gzip, exotic', ' ']) {
    answers['unknown'] = (response) =>
      response.setHeader('content-encoding', coding).end('as it is');
    assert.equal(textOf(await fetch({ url: `${site.url}/unknown` })), 'as it is');
  }
});

test('answers without a body are empty, whatever their headers say', async () => {
  answers['empty'] = (response) => response.setHeader('content-encoding', 'gzip').end();
  answers['none'] = (response) => response.writeHead(204, { 'content-encoding': 'br' }).end();
  answers['same'] = (response) => response.writeHead(304, { 'content-encoding': 'zstd' }).end();
  for (const path of ['empty', 'none', 'same']) {
    assert.equal((await fetch({ url: `${site.url}/${path}` })).body.byteLength, 0);
  }
  const head = await fetch({ url: `${site.url}/gzip/9000`, method: 'HEAD' });
  assert.equal(head.body.byteLength, 0);
});

test('headers of an answer that are too long are refused', async () => {
  answers['headers'] = (response) => response.setHeader('x', 'y'.repeat(100_000)).end();
  await assert.rejects(fetch({ url: `${site.url}/headers` }), {
    name: 'TypeError',
    message: /does not answer with HTTP/,
  });
});
