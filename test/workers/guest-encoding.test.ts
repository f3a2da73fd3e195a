import { describe, it } from 'node:test';
import { startGuest } from './in-guest.ts';

const { assertSameAsNode } = startGuest();

const TEXTS = [
  '',
  'ascii',
  'äöü €',
  '😀 pair',
  '\ud800 half',
  'x\udc00',
  '\ufeffmark',
  '\0\x7f\x80',
  'long '.repeat(5000),
];
const BYTES: readonly (readonly number[])[] = [
  [],
  [0x61, 0xc3, 0xa4],
  [0xef, 0xbb, 0xbf, 0x61],
  [0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf],
  [0xef, 0xbb],
  [0xc3],
  [0xc3, 0x28, 0xa0],
  [0xc0, 0xaf, 0xc1, 0xbf],
  [0xe0, 0x80, 0xaf, 0xe2, 0x82, 0x28],
  [0xed, 0xa0, 0x80, 0xed, 0xbf, 0xbf],
  [0xf0, 0x90, 0x28, 0xbc, 0xf0, 0x8f, 0x80, 0x80],
  [0xf4, 0x90, 0x80, 0x80, 0xf5, 0x80],
  [0xf0, 0x9f, 0x98, 0x80, 0x80, 0xff],
  [0xf0, 0x9f, 0x98],
];

describe("a guest's TextEncoder", () => {
  it('encodes as that of Node does', () =>
    assertSameAsNode(
      (texts: string[]) => texts.map((text) => new TextEncoder().encode(text)),
      TEXTS,
    ));

  it('encodes into what room there is, in whole characters', () =>
    assertSameAsNode(
      (texts: string[]) =>
        texts.flatMap((text) =>
          [0, 1, 2, 3, 4, 5, 9].map((room) => {
            const bytes = new Uint8Array(room);
            return [new TextEncoder().encodeInto(text, bytes), bytes];
          }),
        ),
      TEXTS,
    ));

  it('converts what is no text, and has a name', () =>
    assertSameAsNode(() => [
      new TextEncoder().encode(),
      new TextEncoder().encode(12 as unknown as string),
      new TextEncoder().encoding,
      String(new TextEncoder()),
    ]));
});

describe("a guest's TextDecoder", () => {
  it('decodes as that of Node does, also what is no UTF-8', () =>
    assertSameAsNode(
      (all: number[][]) =>
        all.map((bytes) => [
          new TextDecoder().decode(new Uint8Array(bytes)),
          new TextDecoder('utf-8', { ignoreBOM: true }).decode(new Uint8Array(bytes)),
        ]),
      BYTES,
    ));

  it('throws a TypeError for what is no UTF-8 if it is fatal', () =>
    assertSameAsNode(
      (all: number[][]) =>
        all.map((bytes) => {
          try {
            return new TextDecoder('utf8', { fatal: true }).decode(new Uint8Array(bytes));
          } catch (error) {
            return (error as Error).name;
          }
        }),
      BYTES,
    ));

  it('puts together characters that are cut anywhere', () =>
    assertSameAsNode(
      (all: number[][]) =>
        all.map((bytes) => {
          const decoder = new TextDecoder();
          const parts = bytes.map((byte) =>
            decoder.decode(new Uint8Array([byte]), { stream: true }),
          );
          return [parts, decoder.decode(), decoder.decode(new Uint8Array(bytes))];
        }),
      BYTES,
    ));

  it('takes buffers and views', () =>
    assertSameAsNode(() => {
      const { buffer } = new Uint8Array([0x61, 0x62, 0x63, 0x64]);
      const views = [
        buffer,
        new Uint8Array(buffer, 1, 2),
        new DataView(buffer, 2),
        new Uint16Array(buffer, 2, 1),
      ];
      return views.map((view) => new TextDecoder().decode(view));
    }));

  it('knows the labels of UTF-8 and refuses others and what is no bytes', () =>
    assertSameAsNode(() => {
      const labels = [
        'UTF8',
        ' utf-8\n',
        'unicode-1-1-utf-8',
        'x-unicode20utf8',
        'no-such-encoding',
        'utf-8x',
      ];
      const nameOf = (action: () => unknown): unknown => {
        try {
          return action();
        } catch (error) {
          return (error as Error).name;
        }
      };
      return [
        ...labels.map((label) => nameOf(() => new TextDecoder(label).encoding)),
        ...['text', 5, {}, [1]].map((input) =>
          nameOf(() => new TextDecoder().decode(input as never)),
        ),
        new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).fatal,
        new TextDecoder().ignoreBOM,
        new TextDecoder().decode(undefined),
      ];
    }));
});
