import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { FleetStatus, InstanceReport } from '../../src/index.ts';
import { openRegistry } from '../../src/registry/open.ts';
import { projectWith } from '../capture/package-project.ts';
import { type CommandLine, registryWith } from './support.ts';

const PROGRAM = fileURLToPath(new URL('instance.program.ts', import.meta.url));

/** Longer than any test. */
const LONG_MS = 600_000;

test('status --wait shows who runs what, with what is pinned and what is blocked', () =>
  withFleet(async ({ scatter, start }) => {
    const [follow, able, pin] = await Promise.all([start('follow'), start('able'), start('pin')]);
    const folder = projectWith({
      'price.mjs': "import { db } from 'scatter:capabilities'; export default () => db.query();",
    });
    const pushed = ['push', join(folder, 'price.mjs'), '--source', '--capability', 'db'];
    assert.equal(scatter(...pushed).code, 0);
    const { code, stdout } = scatter('status', '--wait', '--timeout', '120', '--json');
    assert.equal(code, 0);
    const { epoch, instances, behind, blocked } = JSON.parse(stdout) as FleetStatus;
    const runs = new Map(
      instances.map(({ pid, epoch: at, functions: [fn] }) => [
        pid,
        [at, fn?.version, fn?.pinned, fn?.blocked?.version],
      ]),
    );
    assert.deepEqual(
      runs,
      new Map([
        [follow.pid, [3, 2, false, 3]],
        [able.pid, [3, 3, false, undefined]],
        [pin.pid, [3, 1, true, undefined]],
      ]),
    );
    assert.deepEqual([epoch, behind], [3, []]);
    assert.deepEqual(
      blocked.map(({ name, version, code: why }) => [name, version, why]),
      [['price', 3, 'SCATTER_ERR_CAPABILITY_MISSING']],
    );
    const people = scatter('status').stdout;
    const host = hostname();
    assert.match(people, /^INSTANCE +UP +EPOCH +FUNCTION +VERSION +STATE\n/);
    const row = ({ pid }: ChildProcess, rest: string) =>
      assert.match(people, new RegExp(`^${host}:${pid} +\\d+[smh] +3 +price +${rest}$`, 'm'));
    row(follow, '2 +blocked: version 3: .*needs the capability `db`.*');
    row(able, '3');
    row(pin, '1 +pinned');
    assert.match(people, /\n3 instances, all at epoch 3\n$/);
  }));

test('a program that ends is gone at once, one that is killed when it has been silent for a while', () =>
  withFleet(async ({ scatter, start }) => {
    const [ending, killed, staying] = await Promise.all([
      start('follow'),
      start('follow'),
      start('follow'),
    ]);
    ending.stdin?.end();
    await once(ending, 'close');
    killed.kill('SIGKILL');
    await once(killed, 'close');
    const shown = () =>
      (JSON.parse(scatter('status', '--json').stdout) as FleetStatus).instances.map(
        ({ pid }) => pid,
      );
    assert.ok(!shown().includes(ending.pid ?? 0));
    // As it applies nothing any more, to wait for it is to wait until its time is over.
    assert.equal(scatter('rollback', 'price').code, 0);
    assert.equal(scatter('status', '--wait', '--timeout', '300').code, 0);
    assert.deepEqual(shown(), [staying.pid]);
  }));

test('status --wait exits with 1 when somebody is behind for too long, and says who', () =>
  withFleet(async ({ scatter, url }) => {
    await announce(url, { pid: 4711, epoch: 1 });
    await announce(url, { pid: 4712, epoch: 2 });
    const now = scatter('status');
    assert.equal(now.code, 0);
    assert.match(now.stdout, /\n1 of 2 at epoch 2; behind: far:4711 \(1\)\n$/);
    const late = scatter('status', '--wait', '--timeout', '1.2');
    assert.deepEqual([late.code, late.stdout], [1, '']);
    assert.match(late.stderr, /^waiting for far:4711 \(1\) to reach epoch 2\nscatter: not all /);
    assert.match(late.stderr, /after 1200 ms: far:4711 \(1\)/);
    const json = scatter('status', '--wait', '--timeout', '0', '--json');
    assert.equal(json.code, 1);
    assert.equal(JSON.parse(json.stdout).error.code, 'SCATTER_ERR_FLEET_BEHIND');
  }));

test('status shows no instance where none runs, and not itself', () =>
  withFleet(async ({ scatter }) => {
    for (const args of [['status'], ['status', '--wait']]) {
      const { code, stdout, stderr } = scatter(...args);
      assert.deepEqual(
        [code, stdout, stderr],
        [0, 'no instances are shown here; the registry is at epoch 2\n', ''],
      );
    }
    const { instances, behind } = JSON.parse(scatter('status', '--json').stdout);
    assert.deepEqual([instances, behind], [[], []]);
  }));

test('what announces itself cannot steer the terminal; since when a cache is used is shown', () =>
  withFleet(async ({ scatter, url }) => {
    const cacheSince = new Date(1_760_000_000_000);
    await announce(url, { host: 'far\u001b[2J', epoch: 2, cacheSince });
    const { stdout } = scatter('status');
    assert.match(stdout, /^far\\u001b\[2J:1 +\d+d +2 +cache since 2025-10-09T08:53:20\.000Z$/m);
    assert.match(stdout, /\n1 instance, at epoch 2\n$/);
  }));

test('a timeout that is no number of seconds is wrong usage', async () => {
  const scatter = await registryWith(async () => undefined);
  for (const timeout of ['', 'soon', '-1', 'Infinity']) {
    assert.equal(scatter('status', `--timeout=${timeout}`).code, 2, timeout);
  }
});

interface Fleet {
  readonly scatter: CommandLine;
  readonly url: string;
  /** Resolves when the program has announced itself. */
  start(mode: string): Promise<ChildProcess>;
}

/** A registry with `price` at version 2 of 2, and programs on it that are gone after the test. */
async function withFleet(run: (fleet: Fleet) => Promise<void>): Promise<void> {
  let url = '';
  const scatter = await registryWith(async (filling) => {
    url = filling.url;
    await filling.track((net: number) => net, { name: 'price' }).push();
    await filling.track((net: number) => net * 2, { name: 'price' }).push();
  });
  const programs: ChildProcess[] = [];
  const start = async (mode: string): Promise<ChildProcess> => {
    const child = spawn(process.execPath, [PROGRAM, url, mode], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    programs.push(child);
    await once(child.stdout, 'data');
    return child;
  };
  try {
    await run({ scatter, url, start });
  } finally {
    await Promise.all(programs.map(gone));
  }
}

async function gone(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'close');
}

async function announce(url: string, more: Partial<InstanceReport>): Promise<void> {
  const registry = await openRegistry(url, 'default');
  const { generation } = await registry.head();
  const program = { host: 'far', pid: 1, startedAt: new Date(0), scatter: '0.1.0', functions: [] };
  const id = `${more.host}:${more.pid}`;
  await registry.announce({ ...program, id, generation, epoch: 0, ...more }, LONG_MS);
  await registry.close();
}
