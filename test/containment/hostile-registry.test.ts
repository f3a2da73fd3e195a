import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, test } from 'node:test';
import { zstdCompressSync } from 'node:zlib';
import { isScatterError } from '../../src/index.ts';
import { startArena } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'scatter-hostile-'));
const path = join(folder, 'registry.db');
const arena = startArena({ url: `sqlite:${path}`, cacheDir: false });
after(() => rmSync(folder, { recursive: true, force: true }));

const CORRUPT = 'SCATTER_ERR_REGISTRY_CORRUPT';

/** A blob as the registry stores it: one byte for the format, then a compressed record. */
function blobOf(record: Uint8Array, format = 1): Uint8Array {
  return Buffer.concat([Uint8Array.of(format), zstdCompressSync(record)]);
}

const BLOBS: Readonly<Record<string, readonly [code: string, blob: Uint8Array]>> = {
  nothing: [CORRUPT, new Uint8Array()],
  'a format and nothing': [CORRUPT, Uint8Array.of(1)],
  'bytes at random': [CORRUPT, Uint8Array.of(1, 2, 3, 4, 5)],
  'a newer format': ['SCATTER_ERR_FORMAT_UNSUPPORTED', blobOf(Uint8Array.of(0xc0), 99)],
  "msgpackr's record extension": [
    CORRUPT,
    blobOf(Uint8Array.of(0xd4, 0x72, 0x40, 0x91, 0xa1, 0x61, 1)),
  ],
  "msgpackr's error extension": [
    CORRUPT,
    blobOf(
      Buffer.concat([
        Uint8Array.of(0xd4, 0x65, 0, 0x93, 0xa7),
        Buffer.from('valueOf'),
        Uint8Array.of(0xc0, 0xc0),
      ]),
    ),
  ],
  'a million arrays in each other': [CORRUPT, blobOf(Buffer.alloc(1_000_000, 0x91))],
  'a count of four billion items': [CORRUPT, blobOf(Uint8Array.of(0xdd, 255, 255, 255, 255, 1))],
  'nothing, 100 MB of it': [CORRUPT, blobOf(Buffer.alloc(1e8))],
  'a record of other fields': [CORRUPT, blobOf(Uint8Array.of(0x81, 0xa1, 0x61, 1))],
  'a record with __proto__': [
    CORRUPT,
    blobOf(
      Buffer.concat([Uint8Array.of(0x81, 0xa9), Buffer.from('__proto__'), Uint8Array.of(0x80)]),
    ),
  ],
};

describe('a stored artifact is checked before anything is made of it:', () => {
  for (const [title, [code, blob]] of Object.entries(BLOBS)) {
    test(title, async () => {
      const name = `hostile-${title.replaceAll(/\W+/g, '-')}`;
      const { digest } = await arena.scatter.pushSource(
        name,
        `export default () => ${JSON.stringify(name)};`,
      );
      edit('UPDATE artifact SET blob = ? WHERE digest = ?', blob, digest);
      await refused(name, code);
    });
  }

  test('the artifact of another function', async () => {
    const one = await arena.scatter.pushSource('one', 'export default () => 1;');
    const two = await arena.scatter.pushSource('two', 'export default () => 2;');
    edit(
      'UPDATE artifact SET blob = (SELECT blob FROM artifact WHERE digest = ?) WHERE digest = ?',
      two.digest,
      one.digest,
    );
    await refused('one', CORRUPT);
    const sound = await arena.scatter.get('two');
    assert.equal(await sound(), 2);
    await sound.release();
  });
});

describe('so is a stored row:', () => {
  const ROWS: Readonly<Record<string, string>> = {
    'aliases that are no JSON': "UPDATE function SET aliases = '{' WHERE name = ?",
    'a history that is no JSON': "UPDATE function SET history = '[1,' WHERE name = ?",
    'a history of other things': `UPDATE function SET history = '[{"__proto__": 1}]' WHERE name = ?`,
    'capabilities that are no JSON': "UPDATE version SET requires = 'x' WHERE name = ?",
    'capabilities that are no texts': "UPDATE version SET requires = '[{}]' WHERE name = ?",
    'a digest that is none': "UPDATE version SET digest = '../../etc/passwd' WHERE name = ?",
    'a history of a million steps': `UPDATE function SET history =
      '[' || rtrim(replace(hex(zeroblob(500000)), '0', '1,'), ',') || ']' WHERE name = ?`,
    'an epoch beyond all numbers':
      'UPDATE function SET live_epoch = 9223372036854775807 WHERE name = ?',
    'an epoch that is not exact':
      'UPDATE function SET live_epoch = 9007199254740993 WHERE name = ?',
    'an epoch before the first': 'UPDATE function SET live_epoch = -1 WHERE name = ?',
    'a time that no date has': 'UPDATE function SET updated_at = 8700000000000000 WHERE name = ?',
    'aliases that no text can be made of': `UPDATE function SET aliases = '{"toString":1,"valueOf":"x"}' WHERE name = ?`,
    'a version that is not there': 'UPDATE function SET live = 99, latest = 99 WHERE name = ?',
  };
  for (const [title, sql] of Object.entries(ROWS)) {
    test(title, async () => {
      const name = `row-${title.replaceAll(/\W+/g, '-')}`;
      await arena.scatter.pushSource(name, `export default () => ${JSON.stringify(name)};`);
      edit(sql, name);
      await refused(name, /REGISTRY_CORRUPT|VERSION_NOT_FOUND|FUNCTION_NOT_FOUND/);
    });
  }
});

/** As somebody who can write to the file does. */
function edit(sql: string, ...values: (string | Uint8Array)[]): void {
  const database = new DatabaseSync(path, { timeout: 5000 });
  assert.equal(database.prepare(sql).run(...values).changes, 1);
  database.close();
}

async function refused(name: string, code: string | RegExp): Promise<void> {
  const before = await arena.counts();
  await assert.rejects(arena.scatter.get(name), (error) => {
    assert.ok(isScatterError(error), String(error));
    assert.match(error.code, new RegExp(code), error.message);
    return true;
  });
  await arena.ask();
  await arena.comesBack({ ...before, threads: Number.POSITIVE_INFINITY });
}
