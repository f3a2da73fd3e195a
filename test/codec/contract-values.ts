/** Every kind of value that the contract lets cross; each arrives deep-equal to itself. */
export const CONTRACT_VALUES: readonly (readonly [title: string, value: unknown])[] = [
  ['null', null],
  ['undefined', undefined],
  ['booleans', [true, false]],
  ['small and large integers', [0, 1, 127, 128, 255, 256, 65_535, 65_536, 2 ** 31, 2 ** 32 - 1]],
  ['negative integers', [-1, -32, -33, -128, -129, -32_768, -32_769, -(2 ** 31)]],
  ['integers beyond 32 bits', [2 ** 32, -(2 ** 31) - 1, Number.MAX_SAFE_INTEGER, 1e300]],
  ['fractions', [1.5, -0.1, Number.MIN_VALUE, Number.MAX_VALUE]],
  ['-0, NaN and the infinities', [-0, Number.NaN, Infinity, -Infinity]],
  ['short strings', ['', 'a', 'hello world', 'x'.repeat(31), 'x'.repeat(32)]],
  [
    'strings around the lengths of headers',
    [39, 40, 255, 256, 65_535, 65_536].map((n) => 'y'.repeat(n)),
  ],
  [
    'strings of all scripts',
    ['héllo', 'Привет', '日本語', '😀', 'é'.repeat(200), '😀'.repeat(5000)],
  ],
  ['text that turns long in UTF-8', ['é'.repeat(20), `${'a'.repeat(30)}é`, 'é'.repeat(40_000)]],
  ['a byte order mark', ['\ufeffa', `\ufeff${'b'.repeat(100)}`]],
  ['lone surrogates', ['\ud800', 'a\udfffb', '\udc00\ud800', `${'z'.repeat(100)}\ud801`]],
  ['bigints', [0n, 1n, -1n, 255n, 2n ** 64n, -(2n ** 200n), 7n ** 5000n]],
  ['dates', [new Date(0), new Date(1.7e12), new Date(-1), new Date(8.64e15)]],
  ['an invalid date', [new Date(Number.NaN)]],
  [
    'a Map with keys of all kinds',
    new Map<unknown, unknown>([
      ['a', 1],
      [1, 'a'],
      [{ k: 1 }, [2]],
      [null, undefined],
    ]),
  ],
  ['a Set', new Set<unknown>([1, 'a', { b: 1 }, new Set([1])])],
  ['empty containers', [{}, [], new Map(), new Set()]],
  ['an ArrayBuffer', [new Uint8Array([1, 2, 3]).buffer, new ArrayBuffer(0)]],
  ['a Uint8Array', [new Uint8Array([0, 255]), new Uint8Array(0), new Uint8Array(70_000).fill(7)]],
  ['a view of part of a buffer', [new Float64Array(new ArrayBuffer(32), 8, 2)]],
  [
    '8-bit and 16-bit arrays',
    [
      new Int8Array([-1]),
      new Uint8ClampedArray([300]),
      new Int16Array([-2, 2]),
      new Uint16Array([65_535]),
    ],
  ],
  [
    '32-bit and 64-bit arrays',
    [
      new Int32Array([-3]),
      new Uint32Array([2 ** 32 - 1]),
      new BigInt64Array([-4n]),
      new BigUint64Array([2n ** 64n - 1n]),
    ],
  ],
  [
    'floating point arrays',
    [new Float32Array([1.5, Number.NaN]), new Float64Array([-0, 0.1]), new Float16Array([1.5, -2])],
  ],
  ['nested objects', { a: { b: { c: [1, { d: 'e' }] } }, 'odd key': 1, '': 2, 7: 3 }],
  ['objects around the lengths of headers', [15, 16, 70_000].map(objectOf)],
  [
    'arrays around the lengths of headers',
    [4, 5, 15, 16, 4096, 4097, 70_000].map((n) => Array(n).fill(1)),
  ],
  ['keys of Object.prototype', { toString: 1, constructor: 2, hasOwnProperty: null }],
  ['__proto__ as an ordinary key', JSON.parse('{"__proto__": {"polluted": true}, "a": 1}')],
  ['keys with lone surrogates', { a: 1, '\ud800': { '\udfff': 2 }, b: [3] }],
  ['long keys', { ['k'.repeat(33)]: 1, ['é'.repeat(100)]: 2 }],
];

function objectOf(count: number): Record<string, number> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, index]));
}
