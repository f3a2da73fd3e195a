import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InstanceReport } from '../../src/model/instance-report.ts';
import { decodeReport, encodeReport } from '../../src/registry/instance-record.ts';

const blocked = { version: 2, code: 'SCATTER_ERR_CAPABILITY_MISSING', message: 'needs `db`' };
const report: InstanceReport = {
  id: 'one',
  host: 'web-1',
  pid: 4711,
  startedAt: new Date(1_760_000_000_123),
  scatter: '0.1.0',
  generation: 'a generation',
  epoch: 7,
  cacheSince: new Date(1_760_000_000_456),
  functions: [{ name: 'price', version: 1, digest: 'ab', pinned: true, blocked }],
};

test('a report is read as it was written, with and without what may be missing', () => {
  assert.deepEqual(decodeReport(encodeReport(report)), report);
  const { cacheSince, ...answered } = report;
  assert.deepEqual(decodeReport(encodeReport(answered)), answered);
  const functions = [{ name: 'price', version: 1, digest: 'ab', pinned: false }];
  const running = { ...report, functions };
  assert.deepEqual(decodeReport(encodeReport(running)), running);
});

test('fields that a later scatter adds are ignored', () => {
  const [fn] = report.functions;
  const functions = [{ ...fn, later: [1], blocked: { ...blocked, later: {} } }];
  assert.deepEqual(decodeReport(JSON.stringify({ ...report, later: 1, functions })), report);
});

test('what lacks a field, or has one of another type, is no report', () => {
  for (const text of ['', '{', 'null', '7', '"text"', '[]', '{}', `[${encodeReport(report)}]`]) {
    assert.equal(decodeReport(text), undefined, text);
  }
  const wrong = { startedAt: 'noon', cacheSince: 5, functions: {}, pid: -1, epoch: 1.5 };
  for (const field of Object.keys(report)) {
    const value = (wrong as Record<string, unknown>)[field] ?? null;
    assert.equal(decodeReport(JSON.stringify({ ...report, [field]: value })), undefined, field);
  }
  for (const field of ['name', 'version', 'digest', 'pinned', 'blocked']) {
    const functions = [{ ...report.functions[0], [field]: null }];
    assert.equal(decodeReport(JSON.stringify({ ...report, functions })), undefined, field);
  }
  for (const field of ['version', 'code', 'message']) {
    const functions = [{ ...report.functions[0], blocked: { ...blocked, [field]: [] } }];
    assert.equal(decodeReport(JSON.stringify({ ...report, functions })), undefined, field);
  }
});
