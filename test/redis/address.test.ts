/** Where a `redis:` url points, and that no password of one is ever shown. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isScatterError } from '../../src/errors.ts';
import {
  parseRedisAddress,
  type RedisAddress,
  type RedisOptions,
} from '../../src/registry/redis/address.ts';

type Parts = Partial<RedisAddress['options']> & Partial<Pick<RedisAddress, 'kind' | 'secure'>>;

/** Url, its nodes as `host:port`, the rest that is not as by default, and what messages show. */
const READ: readonly (readonly [url: string, nodes: string, parts: Parts, shown: string])[] = [
  ['redis:', '127.0.0.1:6379', {}, 'redis://127.0.0.1'],
  ['redis://', '127.0.0.1:6379', {}, 'redis://127.0.0.1'],
  ['redis://:6380', '127.0.0.1:6380', {}, 'redis://127.0.0.1:6380'],
  ['redis:cache', 'cache:6379', {}, 'redis://cache'],
  ['redis://cache', 'cache:6379', {}, 'redis://cache'],
  ['redis://cache/', 'cache:6379', {}, 'redis://cache'],
  ['REDIS://cache:6379', 'cache:6379', {}, 'redis://cache'],
  ['redis://my_cache.local:1', 'my_cache.local:1', {}, 'redis://my_cache.local:1'],
  ['redis://10.0.0.7:65535/15', '10.0.0.7:65535', { db: 15 }, 'redis://10.0.0.7:65535/15'],
  ['redis://cache/0', 'cache:6379', { db: 0 }, 'redis://cache'],
  ['redis://[::1]', '::1:6379', {}, 'redis://[::1]'],
  ['redis://[fe80::1%eth0]:6380', 'fe80::1%eth0:6380', {}, 'redis://[fe80::1%eth0]:6380'],
  ['rediss://cache', 'cache:6379', { secure: true }, 'rediss://cache'],
  ['redis://u:p@cache', 'cache:6379', { username: 'u', password: 'p' }, 'redis://cache'],
  ['redis://:p@cache', 'cache:6379', { password: 'p' }, 'redis://cache'],
  ['redis://u@cache', 'cache:6379', { username: 'u' }, 'redis://cache'],
  ['redis://u:@cache', 'cache:6379', { username: 'u' }, 'redis://cache'],
  ['redis://@cache', 'cache:6379', {}, 'redis://cache'],
  ['redis://:p@', '127.0.0.1:6379', { password: 'p' }, 'redis://127.0.0.1'],
  ['redis://u:a:b#c@cache', 'cache:6379', { username: 'u', password: 'a:b#c' }, 'redis://cache'],
  ['redis://a%3Ab:%40%2F%3F%23@c', 'c:6379', { username: 'a:b', password: '@/?#' }, 'redis://c'],
  [
    'redis://one,two:26380,[::2]/3?sentinel=main',
    'one:26379 two:26380 ::2:26379',
    { kind: 'sentinel', sentinelName: 'main', db: 3 },
    'redis://one,two:26380,[::2]/3?sentinel=main',
  ],
  [
    'rediss://:p@one?sentinel=a%20b%26',
    'one:26379',
    { kind: 'sentinel', sentinelName: 'a b&', password: 'p', secure: true },
    'rediss://one?sentinel=a%20b%26',
  ],
  ['redis://one?cluster', 'one:6379', { kind: 'cluster' }, 'redis://one?cluster'],
  [
    'redis://one,two:7000?cluster=',
    'one:6379 two:7000',
    { kind: 'cluster' },
    'redis://one,two:7000?cluster',
  ],
];

const REFUSED: readonly (readonly [url: string, options: RedisOptions, message: RegExp])[] = [
  ['redis://cache#part', {}, /it cannot be read/],
  ['redis://u:hunter2@x@cache', {}, /`@`, `\/`, `\?` and `#` are written %40/],
  ['redis://u:12/hunter2@cache', {}, /are written %40/],
  ['redis://u:12?hunter2@cache', {}, /are written %40/],
  ['redis://u:99999/hunter2@cache', {}, /are written %40/],
  ['redis://u:hunter2%zz@cache', {}, /write it as %25/],
  ['redis://ca che', {}, /a host is malformed/],
  ['redis://cache\n', {}, /a host is malformed/],
  ['redis://::1', {}, /a host is malformed/],
  ['redis://cache:port', {}, /a host is malformed/],
  ['redis://cache:', {}, /a host is malformed/],
  ['redis://one,?cluster', {}, /a host is malformed/],
  ['redis://cache:0', {}, /there is no port 0/],
  ['redis://cache:65536', {}, /there is no port 65536/],
  ['redis://cache/first', {}, /must be a database number/],
  ['redis://cache/-1', {}, /must be a database number/],
  ['redis://cache/1/2', {}, /must be a database number/],
  ['redis://one,two', {}, /several hosts need \?sentinel=NAME or \?cluster/],
  ['redis://one?sentinel=', {}, /\?sentinel= names no master/],
  ['redis://one?cluster=no', {}, /\?cluster takes no value/],
  ['redis://one?sentinel=a&cluster', {}, /either behind sentinels or a cluster/],
  ['redis://one?tls=true', {}, /\?tls is unknown/],
  ['redis://one/1?cluster', {}, /a cluster has database 0 only/],
  ['redis://one?cluster', { db: 1 }, /a cluster has database 0 only/],
  ['redis://one', { db: 1.5 }, /there is no database 1\.5/],
  ['redis://one', { tls: {} }, /the url is not rediss:/],
  ['redis://one', { sentinelPassword: 'hunter2' }, /no \?sentinel=NAME/],
  ['redis:', { sentinels: [{ host: 'one', port: 1 }] }, /names no master/],
  ['redis:', { cluster: [] }, /the list of nodes is empty/],
  ['redis:', { cluster: [{ host: '', port: 1 }] }, /a node has no host/],
  ['redis:', { cluster: [{ host: 'one', port: 0 }] }, /there is no port 0/],
  ['redis:?cluster', { sentinelName: 'main' }, /either behind sentinels or a cluster/],
];

describe('parseRedisAddress', () => {
  for (const [url, nodes, parts, shown] of READ) {
    it(`reads ${url}`, () => {
      const { kind = 'single', secure = false, ...options } = parts;
      const address = parseRedisAddress(url);
      assert.equal(address.nodes.map(({ host, port }) => `${host}:${port}`).join(' '), nodes);
      assert.equal(address.kind, kind);
      assert.equal(address.secure, secure);
      const { cluster, ...read } = address.options;
      assert.deepEqual(read, options);
      assert.equal(address.shown, shown);
    });
  }

  for (const [url, options, message] of REFUSED) {
    it(`refuses ${JSON.stringify(url)} with ${JSON.stringify(options)}`, () => {
      assert.throws(
        () => parseRedisAddress(url, options),
        (error) => {
          assert.ok(isScatterError(error, 'SCATTER_ERR_CONFIG_INVALID'));
          assert.match(error.message, message);
          assert.doesNotMatch(error.message, /hunter2|99999/);
          assert.match(error.message, /write redis:\/\/user:password@host/);
          return true;
        },
      );
    });
  }

  it('takes what the options say over what the url says, but not what they leave undefined', () => {
    const url = 'redis://u:p@one/1';
    const unset = { password: undefined } as unknown as RedisOptions;
    assert.equal(parseRedisAddress(url, unset).options.password, 'p');
    const { nodes, options, shown } = parseRedisAddress(url, {
      password: 'other',
      db: 2,
      sentinels: [{ host: '::1', port: 5000 }],
      sentinelName: 'main',
    });
    assert.deepEqual(nodes, [{ host: '::1', port: 5000 }]);
    assert.deepEqual([options.username, options.password, options.db], ['u', 'other', 2]);
    assert.equal(shown, 'redis://[::1]:5000/2?sentinel=main');
  });
});

describe('any redis url', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 20 });
  const host = fc.oneof(
    fc.domain(),
    fc.ipV4(),
    fc.ipV6().map((address) => `[${address}]`),
  );
  const port = fc.option(fc.integer({ min: 1, max: 65_535 }), { nil: undefined });
  const node = fc.tuple(host, port).map(([one, n]) => (n === undefined ? one : `${one}:${n}`));
  const end = fc.oneof(
    fc.tuple(fc.constant(''), fc.constant(1)),
    fc.tuple(fc.constant('?cluster'), fc.constant(3)),
    fc.tuple(
      text.filter((name) => name !== '').map((name) => `?sentinel=${encodeURIComponent(name)}`),
      fc.constant(3),
    ),
  );
  const url = fc
    .tuple(fc.constantFrom('redis', 'rediss'), end, fc.array(node, { minLength: 3, maxLength: 3 }))
    .map(([scheme, [query, count], nodes]) => ({
      before: `${scheme}://`,
      behind: `${nodes.slice(0, count).join(',')}${query}`,
    }));

  it('gives back the user and password that were percent-encoded, and shows neither', () => {
    fc.assert(
      fc.property(url, text, text, ({ before, behind }, username, password) => {
        const user = `${encodeURIComponent(username)}:${encodeURIComponent(password)}@`;
        const { options, shown, nodes } = parseRedisAddress(`${before}${user}${behind}`);
        assert.equal(options.username ?? '', username);
        assert.equal(options.password ?? '', password);
        assert.ok(!shown.includes('@'));
        assert.deepEqual(parseRedisAddress(`${before}${behind}`).shown, shown);
        assert.deepEqual(parseRedisAddress(shown).nodes, nodes);
      }),
    );
  });

  it('is read as it was meant, or refused without a word of a password that was not encoded', () => {
    const secret = fc.string({ minLength: 6, maxLength: 20 });
    fc.assert(
      fc.property(url, secret, ({ before, behind }, password) => {
        const hidden = `hunter2${password}hunter2`;
        try {
          const address = parseRedisAddress(`${before}user:${hidden}@${behind}`);
          assert.equal(address.options.password, decodeURIComponent(hidden));
          assert.equal(address.shown, parseRedisAddress(`${before}${behind}`).shown);
        } catch (error) {
          assert.ok(isScatterError(error, 'SCATTER_ERR_CONFIG_INVALID'), String(error));
          assert.doesNotMatch(error.message, /hunter2/);
        }
      }),
    );
  });
});
