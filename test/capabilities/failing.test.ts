import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { capability, isScatterError, provide } from '../../src/index.ts';
import { freshName, freshUrl, silentLogger, startScatter } from '../library/support.ts';
import { until } from '../pool/support.ts';
import { ERROR_PARTS, type ErrorParts, served, servedCode, servedWith } from './support.ts';

const ASK = `($scatter) => () => $scatter.capability(0).ask().then((value) => ({ value }), ${ERROR_PARTS})`;
const FAILED = 'SCATTER_ERR_CAPABILITY_FAILED';

/** What a guest gets when it asks this implementation. */
async function asked(ask: () => unknown): Promise<ErrorParts> {
  return (await (
    await servedCode(ASK, { ask })
  )()) as ErrorParts;
}

test('what an implementation throws arrives with name, message and code, and nothing else', async () => {
  class OrderError extends RangeError {
    override readonly name = 'OrderError';
    readonly code = 'SOLD_OUT';
    readonly orders = [{ secret: 1 }];
    override readonly cause = new Error('the cause');
  }
  for (const ask of [
    async () => Promise.reject(new OrderError('none left')),
    () => {
      throw new OrderError('none left');
    },
  ]) {
    assert.deepEqual(await asked(ask), {
      name: 'OrderError',
      message: 'none left',
      code: 'SOLD_OUT',
      keys: ['code'],
      stack: 'OrderError: none left',
      isError: true,
    });
  }
});

test('an error without a code of its own has CAPABILITY_FAILED', async () => {
  const { name, message, code } = await asked(() => {
    throw new TypeError('as it is');
  });
  assert.deepEqual([name, message, code], ['TypeError', 'as it is', FAILED]);
});

test('messages lose paths of this machine and stacks', async () => {
  const file = join(homedir(), 'not', 'there.txt');
  const secrets = [homedir(), process.cwd(), 'file:///', '/etc/', '    at '];
  const asks = [
    () => readFile(file),
    () => readFile('/etc/not/there'),
    () => import(join(process.cwd(), 'not-there.ts')),
    () => Promise.reject(new Error(new Error('inner').stack)),
    () => Promise.reject(new Error(`cannot read ${file}, nor ${import.meta.url}`)),
  ];
  for (const ask of asks) {
    const { message, stack, code, isError } = await asked(ask);
    assert.ok(isError && message.length > 0);
    assert.equal(typeof code, 'string');
    for (const secret of secrets) {
      assert.ok(!message.includes(secret) && !stack.includes(secret), `${message} has ${secret}`);
    }
  }
  assert.match((await asked(() => readFile(file))).message, /ENOENT.*open/);
});

test('messages keep what only looks like a path of this machine', async () => {
  const folder = process.cwd();
  for (const text of [
    `GET https://x.org${folder}/7`,
    `${homedir()}s are many`,
    'GET /users/7: 404',
  ]) {
    assert.equal((await asked(() => Promise.reject(new Error(text)))).message, text);
  }
  const said = await asked(() => Promise.reject(new Error(`no '${folder}', (${folder}/a b)`)));
  assert.equal(said.message, "no '…', (… b)");
});

test('an error of scatter that an implementation met arrives as its code', async () => {
  const inner = startScatter();
  const { message, code } = await asked(() => inner.get('of-another-team'));
  assert.equal(code, 'SCATTER_ERR_FUNCTION_NOT_FOUND');
  assert.equal(message, '`db.ask` failed: SCATTER_ERR_FUNCTION_NOT_FOUND');
});

test('whatever is thrown, the guest gets an error that it can read', async () => {
  const hostile = Object.defineProperties(new Error('x'), {
    name: {
      get: () => {
        throw new Error('trap');
      },
    },
    message: { value: 7 },
    code: { value: { toString: () => 'x' } },
  });
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const odd = [hostile, proxy, 'text', undefined, null, 7, Symbol('s'), { message: 'm' }, () => 1];
  for (const thrown of [...odd, new Error('x'.repeat(1e6)), new Error('\ud800')]) {
    const parts = await asked(() => {
      throw thrown;
    });
    assert.ok(parts.isError && parts.name === 'Error' && parts.message.length <= 4096);
    assert.deepEqual([parts.code, parts.keys], [FAILED, ['code']]);
  }
});

test('an answer that cannot cross is an error that says what and where', async () => {
  class Row {}
  const cyclic: { self?: object } = {};
  cyclic.self = cyclic;
  const trap = Object.defineProperty({}, 'x', {
    enumerable: true,
    get: () => {
      throw new RangeError('in a getter');
    },
  });
  const cases: [unknown, string, RegExp][] = [
    [
      { rows: [new Row()] },
      'SCATTER_ERR_VALUE_UNSUPPORTED',
      /`db.ask`: its answer.*rows\[0\].*Row/,
    ],
    [() => 1, 'SCATTER_ERR_VALUE_UNSUPPORTED', /function/],
    [cyclic, 'SCATTER_ERR_VALUE_UNSUPPORTED', /cycle/],
    [new Uint8Array(9 * 1024 * 1024), 'SCATTER_ERR_VALUE_TOO_LARGE', /over the limit/],
    [trap, FAILED, /in a getter/],
  ];
  for (const [answer, code, message] of cases) {
    const parts = await asked(() => answer);
    assert.equal(parts.code, code);
    assert.match(parts.message, message);
  }
});

test('thenables are awaited, and one that throws or never answers ends as an error', async () => {
  // biome-ignore-start lint/suspicious/noThenProperty: promises of other libraries look like this.
  const good = { then: (resolve: (value: string) => void) => resolve('good') };
  const bad = {
    get then(): never {
      throw new Error('bad then');
    },
  };
  // biome-ignore-end lint/suspicious/noThenProperty: they end here.
  assert.deepEqual(await asked(() => good), { value: 'good' });
  assert.equal((await asked(() => bad)).message, 'bad then');
});

test('an implementation that does not answer within timeoutMs ends as CAPABILITY_TIMEOUT', async () => {
  const slow = capability<{ ask(): Promise<unknown> }>('slow', { timeoutMs: 20 });
  const answers: ((value: unknown) => void)[] = [];
  const ask = (): Promise<unknown> => new Promise((resolve) => answers.push(resolve));
  const fn = await servedWith(ASK, [provide(slow, { ask })]);
  const { code, message } = (await fn()) as ErrorParts;
  assert.equal(code, 'SCATTER_ERR_CAPABILITY_TIMEOUT');
  assert.match(message, /`slow.ask` gave no answer within 20 ms/);
  for (const answer of answers) answer('late');
  const late = await servedWith(ASK, [provide(slow, () => new Promise<never>(() => undefined))]);
  assert.equal(((await late()) as ErrorParts).code, 'SCATTER_ERR_CAPABILITY_TIMEOUT');
});

test('a factory that throws, or gives what is no capability, is an error at each use', async () => {
  let made = 0;
  const factories: [() => unknown, RegExp][] = [
    [() => Promise.reject(new Error('no connection')), /no connection/],
    [() => 42, /factory of the capability `db` gave.*a value of type number.*\(\) => fn/],
    [() => undefined, /a value of type undefined/],
    [() => null, /it is null/],
    [() => new (class Pool {})(), /an instance of a class.*methods/],
    [() => ({ other: () => 1 }), /has no function `ask`/],
  ];
  for (const [factory, message] of factories) {
    const counted = (): unknown => {
      made += 1;
      return factory();
    };
    const fn = await servedCode(ASK, counted);
    assert.match(((await fn()) as ErrorParts).message, message);
    assert.match(((await fn()) as ErrorParts).message, message);
  }
  assert.equal(made, 2 * factories.length);
});

test("an implementation's whole error is in the log of its program, at debug", async () => {
  const logged: { err?: unknown; function?: string }[] = [];
  const logger = { ...silentLogger, debug: (fields: object) => logged.push(fields) };
  const thrown = new Error('with its stack');
  const ask = capability<() => Promise<never>>('ask');
  const scatter = startScatter({
    logger,
    url: freshUrl(),
    capabilities: [provide(ask, () => () => Promise.reject(thrown))],
  });
  const name = freshName();
  const fn = await served(scatter, () => ask(), {}, name);
  await assert.rejects(fn(), (error) => {
    assert.ok(isScatterError(error, 'SCATTER_ERR_GUEST_THREW'));
    assert.deepEqual([error.guest?.name, error.guest?.message], ['Error', 'with its stack']);
    assert.deepEqual(error.guest?.data, { code: FAILED });
    return true;
  });
  await until(() => logged.length > 0, 'it is logged');
  assert.deepEqual([logged[0]?.err, logged[0]?.function], [thrown, name]);
});
