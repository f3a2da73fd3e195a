import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startGuest } from './in-guest.ts';

const { inGuest } = startGuest();

test("a guest's performance.now() counts whole milliseconds from timeOrigin, and never back", async () => {
  const before = Date.now();
  const [origin, readings, after, keys] = (await inGuest(async () => {
    const readings = [performance.now()];
    await new Promise((resolve) => setTimeout(resolve, 5));
    for (let i = 0; i < 1000; i += 1) readings.push(performance.now());
    return [performance.timeOrigin, readings, Date.now(), Reflect.ownKeys(performance)];
  })) as [number, number[], number, string[]];
  assert.deepEqual(keys, ['timeOrigin', 'now']);
  for (const [index, reading] of readings.entries()) {
    assert.ok(Number.isInteger(reading) && reading >= (readings[index - 1] ?? 0), `${reading}`);
  }
  const last = origin + (readings.at(-1) ?? 0);
  assert.ok(last >= before && last <= after, `${last} is not between ${before} and ${after}`);
  assert.ok((readings.at(-1) ?? 0) > (readings[0] ?? 0));
});

test('performance.now() stays where it was while the clock is set back', async () => {
  // The clock that it kept is out of reach: what a guest makes of Date changes nothing.
  const readings = await inGuest(() => {
    const first = performance.now();
    Date.now = () => 0;
    return performance.now() >= first;
  });
  assert.equal(readings, true);
});
