/** How requests end early, and that nothing of them keeps a program alive. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { allowFetch } from '../../src/capabilities/index.ts';
import { isScatterError } from '../../src/index.ts';
import { startScatter } from '../library/support.ts';
import { fetchWith, startSite, textOf } from './fetch-support.ts';

const PROGRAM = fileURLToPath(new URL('fetch.program.ts', import.meta.url));
const answers: Record<string, (response: ServerResponse) => unknown> = {
  // Waits for ever, but for its connection.
  '/silent': () => undefined,
  '/half': (response) => response.write('half'),
  '/drip': (response) => {
    const drip = setInterval(() => response.write('.'), 5);
    response.on('close', () => clearInterval(drip));
  },
  '/slow-redirect': (response) => {
    response.writeHead(302, { location: '/fast', 'content-length': 10 });
    response.write('never');
  },
  '/fast': (response) => response.end('fast'),
};
const site = await startSite((request, response) => {
  answers[request.url ?? '']?.(response);
});

const tooLate = (ms: number): { name: string; message: string } => ({
  name: 'TypeError',
  message: `fetch had no whole answer within ${ms} ms; raise timeoutMs of allowFetch() if it needs longer`,
});

test('a request has timeoutMs for its headers, its body and its redirects together', async () => {
  const fetch = fetchWith({ hosts: [site.host], timeoutMs: 150 });
  const slow = ['/silent', '/half', '/drip', '/slow-redirect'].map(async (path) => {
    const started = performance.now();
    await assert.rejects(fetch({ url: site.url + path }), tooLate(150), path);
    return performance.now() - started;
  });
  assert.equal(textOf(await fetch({ url: `${site.url}/fast` })), 'fast');
  for (const ms of await Promise.all(slow)) assert.ok(ms >= 145, `${ms} ms`);
  const patient = fetchWith({ hosts: [site.host], timeoutMs: 60_000 });
  // The short limit of the one ends nothing of the other.
  const ends: string[] = [];
  const long = patient({ url: `${site.url}/silent` }).catch(() => ends.push('long'));
  await fetch({ url: `${site.url}/silent` }).catch(() => ends.push('short'));
  assert.deepEqual(ends, ['short']);
  site.server.closeAllConnections();
  await long;
});

test('a request that waits for its name is given up in time, too', async () => {
  const fetch = fetchWith({ hosts: ['name.test'], timeoutMs: 50 }, () => undefined);
  await assert.rejects(fetch({ url: 'http://name.test' }), tooLate(50));
});

test("the request's own limit comes before the capability's, and the call's before both", async () => {
  const scatter = startScatter({
    capabilities: [allowFetch({ hosts: [site.host], timeoutMs: 600 })],
  });
  const text = `export default (url) => fetch(url).then(({ ok }) => ok, (error) => error.message)`;
  const fn = await scatter.load(text, { capabilities: ['fetch'] });
  const brief = fn.with({ limits: { timeoutMs: 300 } });
  const gone: Promise<unknown>[] = [];
  answers['/gone'] = (response) => {
    gone.push(once(response, 'close'));
    response.write('half');
  };
  await assert.rejects(brief(`${site.url}/gone`), (error) =>
    isScatterError(error, 'SCATTER_ERR_GUEST_TIMEOUT'),
  );
  assert.equal(await fn(`${site.url}/gone`), tooLate(600).message);
  // Each takes its connection with it.
  assert.equal((await Promise.all(gone)).length, 2);
});

test("the call's signal aborts the request", async () => {
  const scatter = startScatter({ capabilities: [allowFetch({ hosts: [site.host] })] });
  const fn = await scatter.load('export default (url) => fetch(url).then((r) => r.text())', {
    capabilities: ['fetch'],
  });
  const controller = new AbortController();
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  answers['/abort'] = (response) => {
    response.on('close', resolve);
    response.write('half');
    controller.abort();
  };
  await assert.rejects(fn.with({ signal: controller.signal })(`${site.url}/abort`), (error) =>
    isScatterError(error, 'SCATTER_ERR_ABORTED'),
  );
  await gone;
});

test('at most sixteen requests of a call are on the way, and connections are used again', async () => {
  let [open, most] = [0, 0];
  answers['/count'] = (response) => {
    open += 1;
    most = Math.max(most, open);
    setImmediate(() => {
      open -= 1;
      response.end();
    });
  };
  const scatter = startScatter({ capabilities: [allowFetch({ hosts: [site.host] })] });
  const text = `export default async (url) => {
    const all = await Promise.all(Array.from({ length: 100 }, () => fetch(url)));
    return all.filter(({ ok }) => ok).length;
  }`;
  const fn = await scatter.load(text, { capabilities: ['fetch'] });
  assert.equal(await fn(`${site.url}/count`), 100);
  assert.ok(most <= 16, `${most} at a time`);
  const fetch = fetchWith({ hosts: [site.host] });
  const before = site.connections;
  for (let n = 0; n < 10; n += 1) await fetch({ url: `${site.url}/fast` });
  // A second one, if the next request comes before the first is seen to be free.
  assert.ok(site.connections - before <= 2);
});

test('a request keeps its program alive until it is answered, and an idle connection does not', async () => {
  let held: ServerResponse | undefined;
  answers['/kept'] = (response) => {
    // What a server asks for is more than this test waits.
    response.setHeader('keep-alive', 'timeout=3600');
    held = response;
    setTimeout(() => response.end('answered'), 50);
  };
  site.server.keepAliveTimeout = 3_600_000;
  const child = spawn(process.execPath, [PROGRAM, site.host], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 60_000,
  });
  const chunks: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  const [code, signal] = await once(child, 'exit');
  assert.deepEqual([code, signal, chunks.join('')], [0, null, 'answered\nend\n']);
  assert.equal(held?.writableFinished, true);
});
