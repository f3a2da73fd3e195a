import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ErrorCode, ScatterError } from '../../src/errors.ts';
import type { InstanceReport } from '../../src/model/instance-report.ts';
import { Presence } from '../../src/reload/presence.ts';
import { until } from '../pool/support.ts';

/** Longer than any test. */
const NEVER_MS = 600_000;

test('a burst of changes is told once, with what is there at its end', async () => {
  const { registry, presence, program } = setUp(NEVER_MS);
  await presence.announce();
  for (program.epoch = 1; program.epoch < 9; program.epoch += 1) presence.changed();
  await until(() => registry.epochs.length > 1, 'the burst was told');
  await presence.announce();
  assert.deepEqual(registry.epochs, [0, 9, 9]);
  await presence.close();
});

test('changes without an end are told while they go on', async () => {
  const { registry, presence, program } = setUp(NEVER_MS);
  await until(() => {
    program.epoch += 1;
    presence.changed();
    return registry.epochs.length === 1;
  }, 'a change was told');
  await presence.close();
});

test('a change during an announcement is told after it, and the older never arrives last', async () => {
  const { registry, presence, program } = setUp(NEVER_MS);
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  registry.answer = () => gate;
  const first = presence.announce();
  await until(() => registry.epochs.length === 1, 'the first is under way');
  program.epoch = 1;
  const second = presence.announce();
  presence.changed();
  assert.deepEqual(registry.epochs, [0]);
  open();
  await Promise.all([first, second]);
  assert.deepEqual(registry.epochs, [0, 1]);
  await presence.close();
});

test('announces again and again, for a time that bridges lost heartbeats', async () => {
  const { registry, presence } = setUp(1);
  await presence.announce();
  await until(() => registry.epochs.length > 3, 'there were heartbeats');
  assert.ok(registry.ttls.every((ttl) => ttl === 15_000));
  await presence.close();
});

test('REGISTRY_UNREACHABLE: says nothing and tries again at the next heartbeat', async () => {
  const { registry, presence, refused } = setUp(1);
  registry.answer = () => failure('SCATTER_ERR_REGISTRY_UNREACHABLE');
  await presence.announce();
  await until(() => registry.epochs.length > 2, 'it was tried again');
  registry.answer = async () => undefined;
  await until(() => registry.shown.size === 1, 'it is shown');
  assert.deepEqual(refused, []);
  await presence.close();
});

test('that the registry was away is taken back as soon as it has heard of it', async () => {
  const { registry, presence, program } = setUp(NEVER_MS);
  program.cacheSince = new Date();
  registry.answer = async () => {
    program.cacheSince = undefined;
    program.epoch = 1;
  };
  await presence.announce();
  await until(() => registry.epochs.length === 2, 'it was announced again');
  assert.deepEqual(registry.epochs, [0, 1]);
  await presence.close();
});

for (const code of ['SCATTER_ERR_REGISTRY_READONLY', 'SCATTER_ERR_REGISTRY_FULL'] as const) {
  test(`${code}: says so once, tries again, and is shown when it may`, async () => {
    const { registry, presence, refused } = setUp(1);
    registry.answer = () => failure(code);
    await presence.announce();
    // Changes are no reason to ask: only time is.
    presence.changed();
    await until(() => registry.epochs.length > 2, 'it has tried again');
    assert.equal(registry.shown.size, 0);
    registry.answer = async () => undefined;
    await until(() => registry.shown.size === 1, 'it is shown');
    await presence.close();
    assert.deepEqual(
      refused.map((error) => (error instanceof ScatterError ? error.code : error)),
      [code],
    );
  });
}

test('one that is not to be shown announces nothing', async () => {
  const { registry, presence } = setUp(1, { isShown: false });
  presence.changed();
  await presence.announce();
  await presence.close();
  assert.deepEqual([registry.epochs.length, registry.withdrawn], [0, 0]);
});

test('close() takes the instance away, also one that is being announced, and ends the heartbeats', async () => {
  const { registry, presence } = setUp(1);
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  registry.answer = () => gate;
  presence.announce();
  await until(() => registry.epochs.length === 1, 'the first is under way');
  const closed = presence.close();
  open();
  await closed;
  await presence.close();
  presence.changed();
  await presence.announce();
  assert.deepEqual([registry.epochs.length, registry.shown.size, registry.withdrawn], [1, 0, 1]);
});

test('close() does not wait for a registry that does not answer, and asks none that failed', async () => {
  const silent = setUp(NEVER_MS);
  silent.registry.answer = () => new Promise(() => undefined);
  silent.presence.announce();
  await until(() => silent.registry.epochs.length === 1, 'it is asked');
  await silent.presence.close();
  const failing = setUp(NEVER_MS);
  await failing.presence.announce();
  failing.registry.answer = () => failure('SCATTER_ERR_REGISTRY_UNREACHABLE');
  await failing.presence.announce();
  await failing.presence.close();
  assert.equal(failing.registry.withdrawn, 0);
  const deaf = setUp(NEVER_MS);
  await deaf.presence.announce();
  deaf.registry.answer = () => failure('SCATTER_ERR_REGISTRY_UNREACHABLE');
  await deaf.presence.close();
  assert.equal(deaf.registry.withdrawn, 1);
});

/** Remembers what it was told. */
class FakeRegistry {
  readonly epochs: number[] = [];
  readonly ttls: number[] = [];
  readonly shown = new Set<string>();
  withdrawn = 0;
  answer: () => Promise<void> = async () => undefined;

  async announce(report: InstanceReport, ttlMs: number): Promise<void> {
    this.epochs.push(report.epoch);
    this.ttls.push(ttlMs);
    await this.answer();
    this.shown.add(report.id);
  }

  async withdraw(id: string): Promise<void> {
    this.withdrawn += 1;
    await this.answer();
    this.shown.delete(id);
  }
}

function setUp(heartbeatMs: number, more: { isShown?: boolean } = {}) {
  const registry = new FakeRegistry();
  const program: { epoch: number; cacheSince: Date | undefined } = {
    epoch: 0,
    cacheSince: undefined,
  };
  const refused: unknown[] = [];
  const presence = new Presence(registry, () => reportAt(program.epoch, program.cacheSince), {
    ...more,
    heartbeatMs,
    onRefused: (error) => refused.push(error),
  });
  return { registry, program, refused, presence };
}

function reportAt(epoch: number, cacheSince?: Date): InstanceReport {
  const [startedAt, functions] = [new Date(), []];
  const program = { id: 'one', host: 'web-1', pid: 1, startedAt, scatter: '0.1.0' };
  return { ...program, generation: 'g', epoch, ...(cacheSince && { cacheSince }), functions };
}

function failure(code: ErrorCode): Promise<never> {
  return Promise.reject(new ScatterError(code, 'on purpose'));
}
