/** A guest's URL against that of Node, which is another implementation of the same standard. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startGuest } from './in-guest.ts';

const { inGuest, assertSameAsNode } = startGuest();

const INPUTS: readonly string[] = [
  // Special schemes, and the parts of a URL.
  'https://user:pa%20ss@example.org:8080/a/./b/../c%7e?x=1&y=%20#frag ment',
  'HTTP://EXAMPLE.org:80',
  'https://example.org:443/',
  'ftp://h:21/a',
  'ws://h:80/x y',
  'wss://h/?q=\'"<>`',
  'file:///C:/a/../b',
  'file://localhost/x',
  'file:c:\\windows',
  'http:\\\\h\\a\\b',
  'http:/h',
  'http:h',
  '  \thttps://a.b/c\n ',
  'https://a.b/c\td\ne',
  'https://u@/x',
  'https://:p@h/',
  'https://a@b@c/',
  'http://h:65535/',
  'http://h:65536/',
  'http://h:x/',
  // Other schemes.
  'mailto:a@b.c',
  'data:text/plain,hello world#x y',
  'javascript:alert("x")  ',
  'foo://Host:80/a/../b?q#f',
  'foo:/a/..//b',
  'foo://',
  'foo:bar baz?q s',
  'urn:isbn:0451450523',
  'blob:https://example.org/id',
  'about:blank',
  // IPv4.
  'http://0x7f.1/',
  'http://2130706433/',
  'http://0300.0250.1/',
  'http://256.256.256.256/',
  'http://1.2.3.4.5/',
  'http://1.2.3.08/',
  'http://1.2.3./',
  'http://4294967296/',
  'http://foo.0x4/',
  'http://.1/',
  // IPv6.
  'http://[::1]:3000/',
  'http://[2001:DB8:0:0:1:0:0:1]/',
  'http://[::ffff:192.168.0.1]/',
  'http://[1:2:3:4:5:6:7:8]/',
  'http://[1::2::3]/',
  'http://[::1.2.3]/',
  'http://[::1%25eth0]/',
  'http://[::1/',
  // Names that are not ASCII (UTS #46).
  'https://stra\u00dfe.example/\u00fc?\u00fc#\u00fc',
  'https://B\u00dcCHER.example/',
  'https://\u65e5\u672c\u8a9e\u3002jp/',
  'https://xn--bcher-kva.example/',
  'https://xn--a/',
  'https://\u0646\u0627\u0645\u0647\u200c\u0627\u06cc.com/',
  'https://fa\u00df.ExAmPlE/',
  'https://\uff21\uff22\uff23.com/',
  'https://a\u00adb.com/',
  'https://\ud83d\udca9.la/',
  'https://\u05d0a.com/',
  'https://\ud800.com/',
  'foo://b\u00fccher/',
  'https://ex%41mple.org/',
  'https://a%00b/',
  'https://a b/',
  'https://a|b/',
  'https://a_b-.c/',
  // Percent encoding.
  'https://h/%zz%2e%2E/%2e%2e/x?%zz#%zz',
  'https://h/\u{1F600}?\u{1F600}#\u{1F600}',
  'https://h/\ud800?\udc00#\ud800',
  'https://h/^{}|"`<>?^{}|"`<>#^{}|"`<>',
  '',
  'no scheme',
  '//host/path',
  '1http://h/',
];
const BASES: readonly string[] = [
  'https://base.example/a/b/c?q#f',
  'foo://h/x/y',
  'mailto:x@y',
  'file:///d:/e/f',
];
const RELATIVE: readonly string[] = [
  '',
  '.',
  '..',
  '../../../x',
  '/r',
  '//o/p',
  '?n',
  '#n',
  'x:y',
  'https:z',
  'a b',
  '\\\\s\\t',
  '..\u00fc',
  'C|/w',
];
const SETTERS: readonly (readonly [part: string, value: string])[] = [
  ['protocol', 'http'],
  ['protocol', 'foo'],
  ['protocol', 'ws:rest'],
  ['username', 'me:@'],
  ['password', 'p w'],
  ['host', 'other:81'],
  ['host', 'b\u00fccher.de'],
  ['host', ''],
  ['hostname', '[::2]'],
  ['hostname', 'a:b'],
  ['port', '443'],
  ['port', '9x'],
  ['port', ''],
  ['pathname', '/p q?r#s'],
  ['search', 'a=1&b=\u00fc'],
  ['search', ''],
  ['hash', '#h i'],
  ['hash', ''],
  ['href', 'https://new.example/x?y=1'],
];

describe("a guest's URL", () => {
  it('parses as that of Node does', () =>
    assertSameAsNode((inputs: string[]) => {
      const parts = [
        'href',
        'origin',
        'protocol',
        'username',
        'password',
        'host',
        'hostname',
        'port',
        'pathname',
        'search',
        'hash',
      ];
      return inputs.map((input) => {
        if (!URL.canParse(input)) return [input, URL.parse(input)];
        const url = new URL(input);
        return [input, ...parts.map((part) => Reflect.get(url, part)), [...url.searchParams]];
      });
    }, INPUTS));

  it('resolves against a base as that of Node does', () =>
    assertSameAsNode(
      (inputs: string[], bases: string[]) =>
        bases.map((base) =>
          inputs.map((input) => [base, input, URL.parse(input, base)?.href ?? null]),
        ),
      RELATIVE,
      BASES,
    ));

  it('takes new parts as that of Node does', () =>
    assertSameAsNode(
      (setters: [string, string][], bases: string[]) =>
        bases.map((base) =>
          setters.map(([part, value]) => {
            const url = new URL(base);
            Reflect.set(url, part, value);
            return [base, part, value, url.href, [...url.searchParams]];
          }),
        ),
      SETTERS,
      [...BASES, 'https://u:p@h:8080/?a=b'],
    ));

  it('throws a TypeError for what is no URL, and converts what is no text', () =>
    assertSameAsNode(() => {
      const attempts = [
        () => new URL('nothing'),
        () => new URL('/x', 'nothing'),
        () => Reflect.apply(URL as never, undefined, ['https://a/']),
        () => Reflect.construct(URL, []),
        () => new URL(Symbol('s') as never),
        () => Reflect.get(URL.prototype, 'href'),
        () => new URL({ toString: () => 'https://a/b' } as never).href,
        () => new URL(new URL('https://a/b')).href,
        () => JSON.stringify({ url: new URL('https://a/ü') }),
        () => `${new URL('https://a')}`,
        () => Object.prototype.toString.call(new URL('https://a')),
      ];
      return attempts.map((attempt) => {
        try {
          return attempt();
        } catch (error) {
          return (error as Error).name;
        }
      });
    }));

  it('can be extended', () =>
    assertSameAsNode(() => {
      class Api extends URL {
        get first(): string {
          return this.pathname.split('/')[1] ?? '';
        }
      }
      const api = new Api('https://h/v1/x');
      return [api.first, api instanceof URL, api.href];
    }));

  it('shows no more than its interface, and nothing of what it is made of', async () => {
    const keys = await inGuest(() => {
      const url = new URL('https://a/?b');
      return [
        Reflect.ownKeys(url),
        Reflect.ownKeys(url.searchParams),
        Reflect.ownKeys(globalThis).map(String),
      ];
    });
    const [own, params, globals] = keys as [string[], string[], string[]];
    assert.deepEqual([own, params], [[], []]);
    assert.ok(!globals.some((name) => /webidl|require|module/i.test(name)), globals.join());
  });
});

describe("a guest's URLSearchParams", () => {
  it('is made of text, pairs, records and itself as that of Node is', () =>
    assertSameAsNode(() => {
      const inputs = [
        '?a=1&b=2&a=3',
        'a+b=%20c&=x&y',
        '%zz=%C3%28',
        [
          ['k', 'v'],
          ['ü', '+ &='],
        ],
        { x: '1', y: 'é' },
        new URLSearchParams('q=1'),
        new Map([['m', 'n']]),
        undefined,
      ];
      return inputs.map((input) => {
        const params = new URLSearchParams(input as never);
        return [String(params), [...params], params.size];
      });
    }));

  it('changes, sorts and iterates as that of Node does', () =>
    assertSameAsNode(() => {
      const params = new URLSearchParams('b=1&a=2&b=3');
      params.append('c', '4 5');
      params.set('b', 'x');
      params.append('\u{1F600}', 'y');
      params.append('\uffff', 'z');
      params.delete('a', 'other');
      params.sort();
      const seen: unknown[] = [];
      params.forEach((value, key) => {
        seen.push([key, value]);
      });
      return [
        String(params),
        seen,
        [...params.keys()],
        [...params.values()],
        params.get('b'),
        params.getAll('b'),
        params.has('c', '4 5'),
        params.has('c', '4'),
        params.get('none'),
      ];
    }));

  it('of a URL changes it, and follows it', () =>
    assertSameAsNode(() => {
      const url = new URL('https://h/p?a=1#f');
      const { searchParams } = url;
      searchParams.append('b', 'ü &');
      const first = url.href;
      url.search = '?c=3';
      const second = [...searchParams];
      searchParams.delete('c');
      const third = url.href;
      url.href = 'https://h/?d=4';
      return [first, second, third, String(searchParams), url.searchParams === searchParams];
    }));

  it('refuses what is neither', () =>
    assertSameAsNode(() =>
      [[['a']], [1], [['a', 'b', 'c']], { [Symbol.iterator]: 1 }].map((input) => {
        try {
          return String(new URLSearchParams(input as never));
        } catch (error) {
          return (error as Error).name;
        }
      }),
    ));
});
