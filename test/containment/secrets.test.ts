import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { createScatter, type Scatter } from '../../src/index.ts';
import { freshName, silentLogger, startScatter } from '../library/support.ts';

const PASSWORD = 'correct horse battery staple';
process.env['CONTAINMENT_PASSWORD'] = PASSWORD;
process.env['CONTAINMENT_ORIGIN'] = 'https://shop.example/containment';
const config = { url: `https://user:${PASSWORD}@shop.example`, token: PASSWORD };
const origin = 'https://shop.example/containment';

describe('push refuses a function that has caught a secret, and the registry gets nothing of it:', () => {
  const scatter = startScatter();
  const CAUGHT: Readonly<Record<string, () => unknown>> = {
    'a variable with the value of a secret': () => config.token,
    'an address with a password': () => config.url,
    'a text that is the value of any variable': () => origin,
    'an object that has one': () => Object.keys(config),
    'a function that has one': () => inner(),
  };
  const inner = (): unknown => [[{ deep: config }]];
  for (const [title, fn] of Object.entries(CAUGHT)) {
    test(title, async () => {
      const name = freshName();
      const pushing = scatter.push([scatter.track(fn, { name })]);
      await assert.rejects(pushing, (error) => {
        const { code, message } = error as { code: string; message: string };
        assert.equal(code, 'SCATTER_ERR_CAPTURE_UNSUPPORTED');
        assert.ok(!message.includes(PASSWORD), 'the message gives it away');
        return true;
      });
      await assert.rejects(scatter.get(name), { code: 'SCATTER_ERR_FUNCTION_NOT_FOUND' });
    });
  }

  test('while process.env is read where the function runs, where it is allowed', async () => {
    const name = freshName();
    const reading = (): unknown => process.env['CONTAINMENT_PASSWORD'];
    await scatter.push([scatter.track(reading, { name })]);
    assert.equal(await (await scatter.get(name))(), undefined);
  });
});

describe('what the embedded registry keeps is for its owner only:', () => {
  const folder = mkdtempSync(join(tmpdir(), 'scatter-secrets-'));
  const [before, openMask] = [process.cwd(), process.umask(0)];
  writeFileSync(join(folder, 'package.json'), '{}');
  after(async () => {
    process.umask(openMask);
    process.chdir(before);
    rmSync(folder, { recursive: true, force: true });
  });

  test('the folder is 0700 and every file in it 0600, with whatever umask', async () => {
    process.chdir(folder);
    const scatter = openHere();
    await scatter.pushSource('kept', 'export default () => "kept";');
    const fn = await scatter.get('kept');
    assert.equal(await fn(), 'kept');
    const home = join(folder, '.scatter');
    assert.equal(modeOf(home), '700');
    const entries = readdirSync(home, { recursive: true, withFileTypes: true });
    assert.ok(entries.some(({ name }) => name === 'scatter.db'));
    for (const entry of entries) {
      const path = join(entry.parentPath, entry.name);
      assert.equal(modeOf(path), entry.isDirectory() ? '700' : '600', path);
      if (entry.isFile()) assert.ok(!readFileSync(path).includes(PASSWORD), path);
    }
    await scatter.close();
  });
});

function openHere(): Scatter {
  const names = ['SCATTER_URL', 'REDIS_URL', 'SCATTER_NAMESPACE'];
  for (const name of names) delete process.env[name];
  const scatter = createScatter({ pool: { threads: 1 }, logger: silentLogger });
  after(() => scatter.close());
  return scatter;
}

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}
