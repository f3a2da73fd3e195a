import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AllowFetchOptions, allowFetch } from '../../src/capabilities/index.ts';
import { isScatterError } from '../../src/index.ts';

const invalid =
  (words: RegExp) =>
  (error: unknown): boolean =>
    isScatterError(error, 'SCATTER_ERR_CONFIG_INVALID') && words.test(error.message);

test('allowFetch() gives the capability `fetch`, with a limit a little longer than its own', () => {
  const given = allowFetch({ hosts: ['example.com'], allow: ['billing/*'] });
  assert.equal(given.name, 'fetch');
  assert.deepEqual(given.limits, { maxCalls: 1000, timeoutMs: 6000 });
  assert.deepEqual(given.allow, ['billing/*']);
  const longest = 2 ** 31 - 1001;
  allowFetch({ hosts: ['example.com'], timeoutMs: longest });
  assert.throws(() => allowFetch({ hosts: ['example.com'], timeoutMs: longest + 1 }));
});

test('hosts that cannot be read are CONFIG_INVALID when they are given, with what to write', () => {
  const bad: unknown[] = [
    [
      '',
      ' ',
      '*',
      '*.',
      '.',
      'a b',
      'exa*mple.com',
      '*example.com',
      'a.*.com',
      'a@b',
      'a?b',
      'a#b',
    ],
    ['http://example.com', 'https://example.com:443/', 'example.com/', 'example.com/path', '//a'],
    ['example.com:', 'example.com:0', 'example.com:65536', 'example.com:http', 'a:-1', 'a:1:2'],
    ['10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0/8', 'fd00::/129', '/8', '10.0.0.0/-1'],
    [
      '[::1',
      '::1]',
      '[::g]',
      '256.1.1.1',
      '1.2.3.4.5',
      'a\0b',
      'a\nb',
      'a\\b',
      'a%2eb',
      '[fe80::1%eth0]',
    ],
    [1, null, undefined, {}, ['example.com'], /example.com/, new URL('http://example.com')],
  ].flat();
  for (const entry of bad) {
    assert.throws(
      () => allowFetch({ hosts: [entry] as string[] }),
      invalid(/cannot be in allowFetch\(\{ hosts \}\).*write 'example\.com'/),
      String(entry),
    );
  }
  for (const hosts of [undefined, null, [], 'example.com', {}, new Set(['example.com'])]) {
    assert.throws(() => allowFetch({ hosts } as never), invalid(/takes a list of the hosts/));
  }
});

test('other options that are none, or out of their range, are CONFIG_INVALID', () => {
  const bad: [object, RegExp][] = [
    [{ methods: [] }, /list of methods/],
    [{ methods: 'GET' }, /list of methods/],
    [{ methods: ['G ET'] }, /'G ET' cannot be in/],
    [{ methods: [''] }, /'' cannot be in/],
    [{ methods: [1] }, /1 cannot be in/],
    [{ methods: ['connect'] }, /'connect' cannot be in/],
    [{ methods: ['GET', 'TRACE'] }, /'TRACE' cannot be in/],
    [{ maxBytes: 0 }, /maxBytes of allowFetch\(\) is 0/],
    [{ maxBytes: 1.5 }, /maxBytes/],
    [{ maxBytes: '1' }, /maxBytes .* is '1'/],
    [{ maxBytes: Number.POSITIVE_INFINITY }, /maxBytes/],
    [{ timeoutMs: 0 }, /timeoutMs/],
    [{ timeoutMs: Number.NaN }, /timeoutMs/],
    [{ allow: 'x' }, /`allow`/],
    [{ host: ['a'] }, /`host` is not an option/],
  ];
  for (const [options, words] of bad) {
    const given = { hosts: ['example.com'], ...options } as AllowFetchOptions;
    assert.throws(() => allowFetch(given), invalid(words), JSON.stringify(options));
  }
  for (const options of [undefined, null, 1]) {
    assert.throws(() => allowFetch(options as never), invalid(/hosts/));
  }
});
