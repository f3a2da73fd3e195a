import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isScatterError } from '../../src/index.ts';
import { freshName, startScatter } from './support.ts';

process.env['SPEC_TRACK_SECRET'] = 'not for the registry';
const secret = process.env['SPEC_TRACK_SECRET'];
const settings = { words: ['not for', 'the registry'].join(' ') };
const rows = Array.from({ length: 500 }, (_, index) => ({ index }));

test('a constant of the environment is read where the function runs, if that program allows it', async () => {
  const name = freshName();
  const url = `memory:${name}`;
  const publisher = startScatter({ url });
  await publisher.track(() => secret, { name }).push();
  const allowed = await startScatter({ url, env: ['SPEC_TRACK_SECRET'] }).get(name);
  const other = await publisher.get(name);
  assert.deepEqual([await allowed(), await other()], ['not for the registry', undefined]);
});

test("values: 'copy' lets a constant of the environment travel that is said to be no secret", async () => {
  const scatter = startScatter();
  const options = { name: freshName(), values: 'copy', allowCaptured: ['secret'] } as const;
  await scatter.track(() => secret, options).push();
  assert.equal(await (await scatter.get(options.name))(), 'not for the registry');
});

test('a captured string that is a value of the environment is refused with its place, unless allowed', async () => {
  const scatter = startScatter();
  const name = freshName();
  await assert.rejects(scatter.track(() => settings.words, { name }).push(), (error) => {
    assert.ok(isScatterError(error, 'SCATTER_ERR_CAPTURE_UNSUPPORTED'));
    assert.match(error.message, /`settings\.words` has the value of .* SPEC_TRACK_SECRET/);
    return true;
  });
  const allowCaptured = ['settings.words'];
  await scatter.track(() => settings.words, { name, allowCaptured }).push();
  assert.equal(await (await scatter.get(name))(), 'not for the registry');
});

test('maxBytes bounds what a function takes along', async () => {
  const scatter = startScatter();
  const tracked = scatter.track(() => rows.length, { name: freshName(), maxBytes: 1000 });
  await assert.rejects(tracked.push(), /`rows\[\d+\].*` it passes 1000 bytes/);
});

test('options of track() that are none, or wrong, are CONFIG_INVALID', () => {
  const scatter = startScatter();
  const wrong: readonly object[] = [
    { values: 'move' },
    { allowCaptured: 'secret' },
    { maxBytes: 0 },
    { allowcaptured: [] },
  ];
  for (const options of wrong) {
    assert.throws(
      () => scatter.track(() => 1, { name: 'one', ...options }),
      { code: 'SCATTER_ERR_CONFIG_INVALID' },
      JSON.stringify(options),
    );
  }
});
