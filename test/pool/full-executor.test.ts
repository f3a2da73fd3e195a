import assert from 'node:assert/strict';
import { test } from 'node:test';
import { residentMb } from '../../src/pool/process-memory.ts';
import { call, guest, isAlive, startPool, until } from './support.ts';

const neighbour = guest('neighbour', '(n) => n');
// What ICU keeps of each locale and its time zones is one for the process, and nobody's heap.
const FILL = `(locale) => {
  const zones = Intl.supportedValuesOf('timeZone');
  for (const timeZone of zones) {
    new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'long' }).format(0);
  }
  return zones.length;
}`;
const LOCALES = 'de fr es it pl nl sv da fi cs hu ro el tr uk ru ja ko zh ar he th vi id hi'.split(
  ' ',
);

test('an executor that stays full without anybody in it is replaced, and nobody notices', {
  skip: process.platform !== 'linux',
}, async () => {
  const pool = startPool({ memoryMb: 320 });
  await call(pool, neighbour, [0]);
  const [before = 0] = pool.stats().pids;
  const filling = guest('filling', FILL);
  const limits = { cpuMs: 20_000 };
  for (const locale of LOCALES) {
    if ((residentMb(before) ?? 0) > 0.85 * 320) break;
    await call(pool, filling, [locale], { limits });
  }
  let n = 0;
  const open = call(pool, guest('slow', '() => new Promise((done) => setTimeout(done, 300, 1))'));
  await until(() => {
    n += 1;
    void call(pool, neighbour, [n]);
    return !isAlive(before);
  }, 'the full executor is gone');
  assert.equal(await call(pool, neighbour, [1]), 1);
  assert.equal(await open, 1);
  const { restarts, suspects } = pool.stats();
  assert.deepEqual([restarts, suspects], [0, []]);
});
