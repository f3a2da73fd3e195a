/** What stands in a Redis whose writer wants to harm those who read. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HISTORY_CAPACITY, MAX_VERSIONS } from '../../src/registry/function-state.ts';
import { MAX_REPORT_LENGTH, MAX_REPORTS } from '../../src/registry/instance-record.ts';
import { Announcements } from '../../src/registry/redis/announcements.ts';
import type { RedisArgument, RedisConnection } from '../../src/registry/redis/connection.ts';
import { redisKeys } from '../../src/registry/redis/keys.ts';
import { formatRanges, parseRanges } from '../../src/registry/redis/number-ranges.ts';
import { readChanges, readNames, readRecords } from '../../src/registry/redis/reads.ts';
import { decodeRecord } from '../../src/registry/redis/records.ts';
import { MAX_CHANGES } from '../../src/registry/registry.ts';

const CORRUPT = { code: 'SCATTER_ERR_REGISTRY_CORRUPT' };
const KEYS = redisKeys('default');

const RECORD = {
  ...{ latest: 3, live: 3, liveEpoch: 7, lastVersion: 3, versions: '1-3', history: '1-2' },
  ...{ aliases: { stable: 2 }, updatedAt: 1_700_000_000_000 },
};

function stored(change: object): string {
  return JSON.stringify({ ...RECORD, ...change });
}

/** A server that answers every command with what `answer` gives. */
function serving(answer: (command: string, args: readonly RedisArgument[]) => unknown) {
  return {
    call: async (command, args) => answer(command, args),
    subscribe: async () => undefined,
    closed: new Promise(() => undefined),
    bytesMoved: () => 0,
    close: () => undefined,
  } satisfies RedisConnection;
}

describe('the record of a function', () => {
  const hostile: Readonly<Record<string, string>> = {
    'a million versions in nine bytes': stored({ versions: '1-1000000' }),
    'one version more than there can be': stored({ versions: `1-${MAX_VERSIONS + 1}` }),
    'one step more than rollback can go back': stored({ history: `1-${HISTORY_CAPACITY + 1}` }),
    'many runs that are too many together': stored({ history: Array(600).fill('1-2').join(',') }),
    'an epoch that no other is higher than': stored({}).replace(
      '"liveEpoch":7',
      '"liveEpoch":1e999',
    ),
    'an epoch that is not exact': stored({ liveEpoch: 2 ** 53 }),
    'a version that is no whole number': stored({ live: 1.5 }),
    'a version below 0': stored({ latest: -1 }),
    'a time that no date has': stored({ updatedAt: 9e15 }),
    'an alias that points at infinity': stored({}).replace('"stable":2', '"stable":1e999'),
    'aliases that no text can be made of': stored({ aliases: { toString: 1, valueOf: 'x' } }),
    'lists in each other': `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
    'more text than a record has': stored({ more: 'x'.repeat(16_000_000) }),
  };
  for (const [title, text] of Object.entries(hostile)) {
    it(`that says ${title} is REGISTRY_CORRUPT`, () => {
      assert.throws(() => decodeRecord('f', text), CORRUPT);
    });
  }

  it('may say as much as a function can have', () => {
    const versions = `1-${MAX_VERSIONS}`;
    const record = decodeRecord('f', stored({ versions, history: `1-${HISTORY_CAPACITY}` }));
    assert.equal(record.versions.length, MAX_VERSIONS);
    assert.equal(formatRanges(record.versions), versions);
    assert.deepEqual(parseRanges('1-3', 3), [1, 2, 3]);
    assert.equal(parseRanges('1-3', 2), undefined);
  });
});

describe('all records', () => {
  const most = stored({ versions: `1-${MAX_VERSIONS}` });
  const reply = Array.from({ length: 500 }, (_, n) => [`f${n}`, most]).flat();

  it('that say more versions together than there are anywhere are REGISTRY_CORRUPT, soon', async () => {
    const before = process.cpuUsage();
    await assert.rejects(
      readRecords(
        serving(() => reply),
        KEYS,
      ),
      CORRUPT,
    );
    const { user, system } = process.cpuUsage(before);
    assert.ok((user + system) / 1e6 < 2, `${(user + system) / 1e6} s`);
  });

  it('are not read for the names', async () => {
    const deleted = ['gone', stored({ latest: 0 })];
    const connection = serving(() => ['@head', '{}', ...deleted, ...reply]);
    const names = await readNames(connection, KEYS);
    assert.deepEqual([names.length, names[0]], [500, 'f0']);
  });
});

describe('a log of a million entries', () => {
  const entry = (epoch: number) => [
    `${epoch}-1`,
    ['name', `f${epoch % 7}`, 'action', 'push', 'version', '1', 'at', '1', 'author', 'a'].concat([
      ...['commit', 'c', 'generation', 'g'],
    ]),
  ];
  const log = (command: string, args: readonly RedisArgument[]): unknown => {
    if (command === 'HGET') return JSON.stringify({ generation: 'g', epoch: 1e6, mark: '1:c' });
    const first = Number(String(args[1]).split('-')[0]);
    const left = 1e6 - first + 1;
    const count = args[3] === 'COUNT' ? Math.min(Number(args[4]), left) : left;
    return Array.from({ length: count }, (_, n) => entry(first + n));
  };
  const since = (epoch: number) => ({ generation: 'g', epoch, mark: '1:c' });

  it('is read up to a bound: who is farther behind reads everything', async () => {
    const changes = await readChanges(serving(log), KEYS, since(1));
    assert.deepEqual(changes, { head: since(1e6), names: 'all' });
  });

  it('tells the changes of who is not', async () => {
    const changes = await readChanges(serving(log), KEYS, since(1e6 - MAX_CHANGES + 1));
    assert.deepEqual([changes.head, changes.names.length], [since(1e6), 7]);
  });
});

describe('reports of a hundred thousand programs', () => {
  const ids = Array.from({ length: 100_000 }, (_, n) => `${n}`);
  const report = { host: 'h', pid: 1, startedAt: new Date(), scatter: '1.0.0', generation: 'g' };

  async function read(textOf: (id: string) => string) {
    let [open, most] = [0, 0];
    const connection = serving(async (command, args) => {
      if (command === 'ZRANGE') return ids.slice(Number(args[1]), Number(args[2]) + 1);
      open += 1;
      most = Math.max(most, open);
      await undefined;
      open -= 1;
      return ['@', textOf(String(args[0]).split(':').at(-1) ?? '')];
    });
    return { reports: await new Announcements(KEYS).read(connection), most };
  }

  it('are read up to a bound, some at a time', async () => {
    const { reports, most } = await read((id) =>
      JSON.stringify({ ...report, id, epoch: 1, functions: [] }),
    );
    assert.equal(reports.length, MAX_REPORTS);
    assert.ok(most <= 100, `${most}`);
  });

  it('count as damaged where they are longer than any, or of other types', async () => {
    const odd = [
      JSON.stringify({ ...report, id: 'x'.repeat(MAX_REPORT_LENGTH), epoch: 1, functions: [] }),
      JSON.stringify({ ...report, id: 1, epoch: 1, functions: [] }),
      `{"epoch":1e999,"id":"i","functions":[]}`,
      '[[[[',
      'null',
    ];
    const { reports } = await read((id) => odd[Number(id)] ?? '');
    assert.deepEqual(reports, []);
  });
});
