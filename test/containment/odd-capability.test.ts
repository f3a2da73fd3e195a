import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Capability, capability, provide } from '../../src/index.ts';
import { startArena } from './support.ts';

const arena = startArena();

/** Asks once, and tells all that can be seen of what comes back. */
const ASKING = `export default async () => {
  const seen = (error) => ({ thrown: true, name: error.name, message: error.message, code: error.code,
    keys: Reflect.ownKeys(error).map(String), stack: error.stack, cause: error.cause });
  return odd.ask().then((value) => ({ value }), seen);
};`;

interface Seen {
  readonly thrown?: true;
  readonly value?: unknown;
  readonly code?: string;
  readonly keys?: string[];
}

const never = (): never => {
  for (;;) throw new Error('the host ran a trap');
};
const hostile = new Proxy(
  {},
  {
    get: never,
    has: never,
    ownKeys: never,
    getPrototypeOf: never,
    getOwnPropertyDescriptor: never,
  },
);
const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();
const cycle: Record<string, unknown> = {};
cycle['self'] = cycle;
const deep = Array.from({ length: 5000 }).reduce<object>((inner) => ({ inner }), {});

const FAILED = 'SCATTER_ERR_CAPABILITY_FAILED';
const UNSUPPORTED = 'SCATTER_ERR_VALUE_UNSUPPORTED';

const THROWN: Readonly<Record<string, readonly [code: string, thrown: unknown]>> = {
  'an error with a path in its message': [
    FAILED,
    new Error(`cannot open ${process.cwd()}/secret.key`),
  ],
  'an error with a stack in its message': [FAILED, new Error(new Error('inner').stack)],
  'an error with a file url': [FAILED, new Error(`at ${import.meta.url}`)],
  'an error of the system': [
    'ENOENT',
    Object.assign(new Error(`ENOENT: open '${process.cwd()}/secret.key'`), {
      code: 'ENOENT',
      path: `${process.cwd()}/secret.key`,
    }),
  ],
  'an error with fields and a cause': [
    FAILED,
    Object.assign(new Error('x', { cause: new Error(process.cwd()) }), {
      connection: process.cwd(),
    }),
  ],
  undefined: [FAILED, undefined],
  null: [FAILED, null],
  'a symbol': [FAILED, Symbol(process.cwd())],
  'a function': [FAILED, never],
  'an object': [FAILED, { message: process.cwd() }],
  'a hostile proxy': [FAILED, hostile],
  'a revoked proxy': [FAILED, revoked],
  'an error whose message is a getter that throws': [
    FAILED,
    Object.defineProperty(new Error('x'), 'message', { get: never }),
  ],
  'an error with a hostile prototype': [FAILED, Object.setPrototypeOf(new Error('x'), hostile)],
  'an error with a very long message': [FAILED, new Error('x'.repeat(1e7))],
};

const ANSWERED: Readonly<Record<string, readonly [code: string, answer: unknown]>> = {
  'a function': [UNSUPPORTED, () => process.cwd()],
  'an object with a function': [UNSUPPORTED, { a: [{ run: never }] }],
  'a symbol': [UNSUPPORTED, Symbol('x')],
  'an object in itself': [UNSUPPORTED, cycle],
  'an instance of a class': [UNSUPPORTED, new (class Connection {})()],
  'a WeakMap': [UNSUPPORTED, new WeakMap()],
  'a promise in an object': [UNSUPPORTED, { later: Promise.resolve(1) }],
  'objects in each other': [UNSUPPORTED, deep],
  'the process': [UNSUPPORTED, process],
  'the module of files': [UNSUPPORTED, await import('node:fs')],
  'more than fits': ['SCATTER_ERR_VALUE_TOO_LARGE', 'x'.repeat(9 * 1024 * 1024)],
  'a hostile proxy': [FAILED, hostile],
  'a revoked proxy': [FAILED, revoked],
};

async function seenOf(ask: () => unknown): Promise<Seen> {
  const { value, error } = await arena.attack({
    source: ASKING,
    capabilities: [provide('odd', { ask })],
  });
  assert.ifError(error);
  return value as Seen;
}

/** Nothing of this program, only text about what went wrong. */
function assertClean(seen: Seen): void {
  const { keys = [], ...rest } = seen;
  const text = JSON.stringify(rest, (_, value) => value ?? 'nothing');
  assert.ok(!text.includes(process.cwd()), text.slice(0, 500));
  assert.doesNotMatch(text, /node:|file:|node_modules|\.ts:\d|prelude/);
  assert.ok(text.length < 20_000);
  assert.deepEqual(
    keys.sort(),
    ['code', 'message', 'name', 'stack'].filter((key) => keys.includes(key)),
  );
}

describe('what an implementation throws arrives as name, message and code:', () => {
  for (const [title, [code, thrown]] of Object.entries(THROWN)) {
    test(title, async () => {
      for (const ask of [
        () => Promise.reject(thrown),
        () => {
          throw thrown;
        },
      ]) {
        const seen = await seenOf(ask);
        assert.equal(seen.code, code, JSON.stringify(seen).slice(0, 300));
        assertClean(seen);
      }
    });
  }
});

describe('an answer that cannot cross arrives as an error:', () => {
  for (const [title, [code, answer]] of Object.entries(ANSWERED)) {
    test(title, async () => {
      const seen = await seenOf(async () => answer);
      assert.equal(seen.code, code, JSON.stringify(seen).slice(0, 300));
      assertClean(seen);
    });
  }
});

test('a __proto__ in an answer is a field, and no prototype', async () => {
  const source = `export default async () => {
    const answer = await odd.ask();
    return [answer.admin, Object.hasOwn(answer, '__proto__'), ({}).admin];
  };`;
  const odd = provide('odd', { ask: async () => JSON.parse('{"__proto__": {"admin": true}}') });
  const { value } = await arena.attack({ source, capabilities: [odd] });
  assert.deepEqual(value, [undefined, true, undefined]);
});

describe('an implementation that does not answer costs its caller its time at most:', () => {
  const slow = capability<{ ask(): Promise<void> }>('odd', { timeoutMs: 100 });
  const silent: Readonly<Record<string, Capability>> = {
    'a promise': provide(slow, { ask: () => new Promise<never>(() => undefined) }),
    // biome-ignore lint/suspicious/noThenProperty: it is what is tested.
    'a thenable': provide(slow, { ask: () => ({ then: () => undefined }) as never }),
    'a factory': provide(slow, () => new Promise<never>(() => undefined)),
  };
  for (const [title, odd] of Object.entries(silent)) {
    test(title, async () => {
      const { value } = await arena.attack({ source: ASKING, capabilities: [odd] });
      assert.equal((value as Seen).code, 'SCATTER_ERR_CAPABILITY_TIMEOUT');
      assertClean(value as Seen);
    });
  }

  test('the time of the call is over before', async () => {
    const odd = provide('odd', { ask: () => new Promise<never>(() => undefined) });
    const attack = { source: ASKING, capabilities: [odd], limits: { timeoutMs: 150 } };
    assert.equal((await arena.attack(attack)).end, 'GUEST_TIMEOUT');
  });
});
