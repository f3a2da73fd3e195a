import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CaptureOptions } from '../../src/capture/capture.ts';
import { capture } from '../../src/capture/index.ts';
import { isScatterError } from '../../src/errors.ts';
import type { AnyFunction } from '../../src/model/function-type.ts';
import { directOutcome, guestOutcome } from './guest.ts';
import { checkPlace } from './place.ts';
import { checkWords, refusalOf } from './refusal.ts';

const HERE = { SPEC_KEY: 'the key of this program', SPEC_PORT: '8080' };
const THERE = { SPEC_KEY: 'the key of another program', SPEC_PORT: '9090' };
const PASSWORD = 'correct horse battery';

Object.assign(process.env, HERE, { SPEC_PASSWORD: PASSWORD, SPEC_SHORT: 'short77' });
const fixtures = await import('./fixtures/environment.mjs');
const copying = { values: 'copy' } as CaptureOptions;

describe('what is read of process.env is read where the function runs', () => {
  for (const [title, fn] of Object.entries(fixtures.linked)) {
    test(title, async () => {
      const artifact = await capture(fn);
      const { value: here } = await directOutcome(fn, []);
      assert.deepEqual((await guestOutcome(artifact, [], HERE)).value, here);
      const there = JSON.parse(
        JSON.stringify(here).replaceAll(HERE.SPEC_KEY, THERE.SPEC_KEY).replaceAll('8080', '9090'),
      );
      assert.deepEqual((await guestOutcome(artifact, [], THERE)).value, there);
    });
  }

  test('a variable that the program does not allow is undefined there', async () => {
    const { 'a constant': fn } = fixtures.linked;
    assert.equal((await guestOutcome(await capture(fn), [], {})).value, undefined);
  });
});

describe('no artifact holds the value of an environment variable', () => {
  for (const [title, fn] of Object.entries(fixtures.leaking)) {
    test(title, async () => {
      assert.ok(!(await textOf(fn)).includes(HERE.SPEC_KEY));
    });
  }

  test('the same code has the same digest under another environment', async () => {
    const { 'a constant object': fn } = fixtures.linked;
    const before = await capture(fn);
    process.env['SPEC_KEY'] = 'another key entirely';
    const { code } = await capture(fn);
    Object.assign(process.env, HERE);
    assert.equal(code, before.code);
  });
});

describe('a constant that was read from the host is refused, or copied on request', () => {
  for (const [title, [fn, name]] of rowsOf(fixtures.hostState)) {
    test(title, async () => {
      const { message } = await refusalOf(fn);
      checkWords(message, [`\`${name}\``, `→ variable \``, 'fix: ', "values: 'copy'"]);
      checkPlace(message, fn, 'environment.mjs');
      // Such a text may be the value of a variable as well, as the folder is that of PWD.
      const options = { values: 'copy', allowCaptured: [name] } as CaptureOptions;
      const { value } = await guestOutcome(await capture(fn, options), []);
      assert.deepEqual(value, (await directOutcome(fn, [])).value);
    });
  }
});

describe('a text that is or contains the value of a secret environment variable is refused by name', () => {
  for (const [title, [fn, name]] of rowsOf(fixtures.equalTexts)) {
    test(title, async () => {
      const { message } = await refusalOf(fn);
      checkWords(message, [
        `\`${name}`,
        'SPEC_PASSWORD',
        `→ variable \`${name}\``,
        'fix: ',
        'allowCaptured',
      ]);
      assert.ok(!message.includes(PASSWORD), 'the message gives it away');
      checkPlace(message, fn, 'environment.mjs');
    });

    test(`${title} travels when it is listed in allowCaptured`, async () => {
      const options = { allowCaptured: [name] } as CaptureOptions;
      const { value } = await guestOutcome(await capture(fn, options), []);
      assert.deepEqual(value, (await directOutcome(fn, [])).value);
    });
  }

  test('to list another name does not help', async () => {
    for (const [, [fn]] of rowsOf(fixtures.equalTexts)) {
      await refusalOf(fn, { allowCaptured: ['another'] } as CaptureOptions);
    }
  });

  test('nor does a copy of host state', async () => {
    for (const [, [fn]] of rowsOf(fixtures.equalTexts)) await refusalOf(fn, copying);
  });

  test('a text of fewer than eight characters travels', async () => {
    const { value } = await guestOutcome(await capture(fixtures.usesShort), []);
    assert.equal(value, 'short77');
  });
});

describe('an address with a password is refused by name', () => {
  for (const [title, [fn, name]] of rowsOf(fixtures.addressesWithPassword)) {
    test(title, async () => {
      const { message } = await refusalOf(fn);
      checkWords(message, [`\`${name}`, 'password', `→ variable \`${name}\``, 'allowCaptured']);
      assert.ok(!message.includes('hunter22'), 'the message gives it away');
      const options = { allowCaptured: [name] } as CaptureOptions;
      assert.ok((await capture(fn, options)).code.includes('hunter22'));
    });
  }

  test('addresses without a password travel', async () => {
    const { value } = await guestOutcome(await capture(fixtures.openAddresses), []);
    assert.deepEqual(value, fixtures.openAddresses());
  });
});

test('the artifact lists every variable that travels by value, and no value', async () => {
  const limit = 12_345;
  const names = new Map([['ann', 1]]);
  const helper = (x: number): number => x + limit;
  const { origin } = await capture(() => [helper(1), names.size]);
  const listed = Object.fromEntries(origin.captured.map(({ name, kind }) => [name, kind]));
  assert.equal(listed['limit'], 'number');
  assert.equal(listed['names'], 'Map');
  assert.ok(!JSON.stringify(origin.captured).includes('12345'));
});

function rowsOf(rows: Record<string, unknown>): [string, [AnyFunction, string]][] {
  return Object.entries(rows) as [string, [AnyFunction, string]][];
}

/** All that the artifact of a function says, or its refusal. */
async function textOf(fn: AnyFunction): Promise<string> {
  try {
    return JSON.stringify(await capture(fn));
  } catch (error) {
    assert.ok(isScatterError(error, 'SCATTER_ERR_CAPTURE_UNSUPPORTED'), String(error));
    return error.message;
  }
}
