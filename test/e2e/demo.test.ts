import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { describe, it } from 'node:test';
import { Load } from '../../examples/demo/load.ts';
import type { Basket, Price, Quote } from '../../examples/demo/pricing.ts';
import { lostOf } from '../../examples/demo/reports.ts';
import { createScatter } from '../../src/index.ts';
import { startProxy } from '../redis/servers/proxy.ts';
import { persistent, startRedis } from '../redis/servers/server.ts';
import { interruptGroup, linesOf, type Run, runExample } from './example-program.ts';
import { assertOnlyLog } from './left-in-redis.ts';

const DEMO = 'examples/demo/main.ts';

describe('the demo', () => {
  it('loses no call while the function changes under load, and leaves nothing behind', async () => {
    assertLostNothing(await runExample(DEMO));
  });

  it('does the same with a Redis registry of the user, in which only its log is left', async () => {
    await using server = await startRedis({ config: { ...persistent, requirepass: 'hunter2' } });
    const run = await runExample(DEMO, ['--url', server.url.replace('//', '//:hunter2@')]);
    assertLostNothing(run);
    assert.doesNotMatch(run.stdout, /hunter2/);
    const [, namespace] = /namespace (demo-\w+)/.exec(run.stdout) ?? [];
    await assertOnlyLog(server, namespace);
  });

  it('Ctrl-C ends all its programs', async () => {
    const run = await runExample(DEMO, [], once('serves version 1', interruptGroup));
    assert.equal(run.code, 130);
    assert.equal(linesOf(run).at(-1), 'stopped by SIGINT; nothing is left running');
  });

  it('a server that is killed makes it fail, by name', async () => {
    const kill = (_: ChildProcess, stdout: string) => {
      const pid = /server-2 +ready, process (\d+)/.exec(stdout)?.[1];
      process.kill(Number(pid), 'SIGKILL');
    };
    const run = await runExample(DEMO, [], once('serves version 1', kill));
    assert.equal(run.code, 1);
    assert.match(run.stdout, /^lost: at least \d+, as the demo did not get to its end$/m);
    assert.equal(run.stderr, 'the demo failed: server-2 ended with SIGKILL\n');
  });

  it('a registry that cannot be opened is told once, in words', async () => {
    const run = await runExample(DEMO, ['--url', 'sqlite:/dev/null/scatter.db']);
    assert.equal(run.code, 1);
    assert.match(run.stderr, /^the demo failed: \S+ failed: .*\/dev\/null\/scatter\.db.*\n$/);
  });

  it('a Redis that refuses is told once, in words, without the password', async () => {
    await using server = await startRedis();
    await using proxy = await startProxy(server);
    proxy.refuse();
    const run = await runExample(DEMO, ['--url', proxy.url.replace('//', '//:hunter2@')]);
    assert.equal(run.code, 1);
    assert.match(run.stderr, /^the demo failed: \S+ failed: .*redis:\S+ failed: .*REFUSED.*\n$/);
    assert.doesNotMatch(run.stdout + run.stderr, /hunter2/);
  });

  it('a registry that programs cannot share is refused', async () => {
    const run = await runExample(DEMO, ['--url', 'memory:']);
    assert.equal(run.code, 1);
    assert.equal(
      run.stderr,
      'the demo failed: --url is memory:; it must be sqlite:PATH or redis://HOST, to be shared\n',
    );
  });
});

describe('the load of the demo', () => {
  it('counts an answer that is a cent off as lost', async () => {
    function price(basket: Basket): Quote {
      const [first] = basket.items;
      const cents = (first?.cents ?? 0) + 1;
      return { version: 1, netCents: cents, discountCents: 0, taxCents: 0, totalCents: cents };
    }
    await using scatter = createScatter({ url: 'memory:', pool: { threads: 2 } });
    await scatter.track(price).push();
    const load = new Load(await scatter.get<Price>('price'), () => undefined);
    load.start();
    await load.stop();
    const { calls, wrong, troubles } = load.tally;
    assert.ok(calls > 0);
    assert.equal(lostOf(load.tally), calls);
    assert.equal(wrong, calls);
    assert.match(troubles[0] ?? '', /^version 1: gave \{"version":1/);
  });
});

/** Does `work` when `text` is in the output for the first time. */
function once(text: string, work: (child: ChildProcess, stdout: string) => void) {
  let done = false;
  return (stdout: string, child: ChildProcess) => {
    if (done || !stdout.includes(text)) return;
    done = true;
    work(child, stdout);
  };
}

function assertLostNothing(run: Run): void {
  assert.equal(run.stderr, '');
  assert.equal(run.code, 0);
  assert.equal(linesOf(run).at(-1), 'lost: 0');
  for (const server of ['server-1', 'server-2']) {
    assert.deepEqual(servedBy(run, server), [1, 2, 3, 2], `${server} served each in turn`);
    assert.match(
      run.stdout,
      new RegExp(`^${server} +\\d+ calls +${'v\\d [1-9]\\d* +'.repeat(3)}`, 'm'),
    );
  }
  assert.match(run.stdout, /^rollback to version 2( +[\d.]+ ms){3}$/m);
}

/** The versions that a server served, in the order in which it said so. */
function servedBy({ stdout }: Run, server: string): number[] {
  const lines = stdout.matchAll(new RegExp(`${server} +serves version (\\d)`, 'g'));
  return [...lines].map(([, version]) => Number(version));
}
