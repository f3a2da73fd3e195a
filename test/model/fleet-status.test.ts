import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fleetStatus, shownBehind } from '../../src/model/fleet-status.ts';
import type { InstanceReport } from '../../src/model/instance-report.ts';

const at = { url: 'memory:', namespace: 'default', generation: 'g', epoch: 42 };

function instance(id: string, more: Partial<InstanceReport> = {}): InstanceReport {
  const started = { startedAt: new Date(0), scatter: '0.1.0' };
  const applied = { generation: 'g', epoch: 42, functions: [] };
  return { id, host: 'web', pid: 1, ...started, ...applied, ...more };
}

test('instances are in the order of their hosts and processes', () => {
  const reports = [
    instance('d', { host: 'web-2', pid: 3 }),
    instance('b', { host: 'web-1', pid: 20 }),
    instance('c', { host: 'web-1', pid: 20 }),
    instance('a', { host: 'web-1', pid: 3 }),
  ];
  const { instances, behind, ...rest } = fleetStatus(at, reports.toReversed());
  assert.deepEqual(
    instances.map(({ id }) => id),
    ['a', 'b', 'c', 'd'],
  );
  assert.deepEqual([behind, rest], [[], { ...at, blocked: [] }]);
});

test('behind is who has an earlier epoch or other data, not who is ahead', () => {
  const status = fleetStatus(at, [
    instance('earlier', { pid: 1, epoch: 41 }),
    instance('there', { pid: 2 }),
    instance('ahead', { pid: 3, epoch: 43 }),
    instance('other', { pid: 4, epoch: 99, generation: 'another' }),
  ]);
  assert.deepEqual(status.behind, ['earlier', 'other']);
  assert.equal(shownBehind(status), 'web:1 (41), web:4 (other data)');
  assert.equal(shownBehind(status, 1), 'web:1 (41) and 1 more');
});

test('blocked versions are listed with their instance and the reason', () => {
  const reason = { version: 2, code: 'SCATTER_ERR_CAPABILITY_MISSING', message: 'needs `db`' };
  const running = { version: 1, digest: 'd', pinned: false };
  const functions = [
    { ...running, name: 'fine' },
    { ...running, name: 'price', blocked: reason },
  ];
  const { behind, blocked } = fleetStatus(at, [instance('one', { functions })]);
  assert.deepEqual(blocked, [{ instance: 'one', name: 'price', ...reason }]);
  assert.deepEqual(behind, []);
});
