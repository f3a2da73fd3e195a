import assert from 'node:assert/strict';
import { SourceMap } from 'node:module';
import { test } from 'node:test';
import { transformSync } from 'esbuild';
import fc from 'fast-check';
import type { Piece } from '../../src/capture/emit/piece.ts';
import { joinPieces } from '../../src/capture/emit/pieces.ts';
import { parseScript } from '../../src/capture/scripts/script.ts';

// Every word stands in its text once, so that a place can be told by the word that is there.
const WRITTEN = fc
  .array(fc.constantFrom('\n', '\r\n', '\u2028', ' ', ';', '('), { maxLength: 12 })
  .map((marks) => marks.map((mark, index) => `word${index}${mark}`).join(''));

const PIECE = fc.oneof(
  fc.constantFrom('$a = ', '$b\n', '\n', ';\u2028$c'),
  fc.record({ text: WRITTEN, before: WRITTEN }),
);

test('a word of an author maps to where it stands in its file, whatever stands around it', () => {
  fc.assert(
    fc.property(fc.array(PIECE, { maxLength: 8 }), (parts) => {
      const sources = parts.map((part, index) => authorOf(part, index));
      const { code, map } = joinPieces(sources.map(({ piece }) => piece));
      const read = new SourceMap(JSON.parse(map));
      let offset = 0;
      for (const { piece, file } of sources) {
        const text = typeof piece === 'string' ? piece : piece.text;
        for (const { index, 0: word } of file === '' ? [] : text.matchAll(/\w+/g)) {
          const entry = read.findEntry(...placeOf(code, offset + index));
          assert.ok('originalSource' in entry);
          const { originalSource, originalLine, originalColumn } = entry;
          assert.equal(originalSource, file);
          const start = typeof piece === 'object' && 'start' in piece ? piece.start : 0;
          const source = typeof piece === 'object' && 'script' in piece ? piece.script.source : '';
          assert.deepEqual([originalLine, originalColumn], placeOf(source, start + index), word);
        }
        offset += text.length;
      }
    }),
  );
});

test('a piece with a map of its own is led on through it', () => {
  const written =
    'const first: number = 1;\nexport function second(): never { throw new Error(); }\n';
  const { code: text, map } = transformSync(written, {
    loader: 'ts',
    sourcemap: true,
    sourcefile: 'lib/second.ts',
  });
  const joined = joinPieces(['let a = 1;\n  ', { text, map }, '; more', { text, map }]);
  const { sources } = JSON.parse(joined.map);
  assert.deepEqual(sources, ['lib/second.ts']);
  const read = new SourceMap(JSON.parse(joined.map));
  for (const { index } of joined.code.matchAll(/throw/g)) {
    const entry = read.findEntry(...placeOf(joined.code, index));
    assert.ok('originalSource' in entry);
    assert.deepEqual(
      [entry.originalSource, entry.originalLine, entry.originalColumn],
      ['lib/second.ts', 1, written.split('\n')[1]?.indexOf('throw')],
    );
  }
});

function authorOf(
  part: string | { text: string; before: string },
  index: number,
): { piece: Piece; file: string } {
  if (typeof part === 'string') return { piece: part, file: '' };
  const { text, before } = part;
  const file = `/nowhere/file-${index}.js`;
  const source = before + text;
  // The syntax does not matter here, so the script is parsed without it.
  const script = {
    ...parseScript({
      id: '1',
      url: file,
      isModule: true,
      start: { line: 0, column: 0 },
      source: '',
    }),
    source,
  };
  const lines = parseScript({
    id: '1',
    url: file,
    isModule: true,
    start: { line: 0, column: 0 },
    source: commented(source),
  }).lines;
  return {
    piece: { script: { ...script, lines }, start: before.length, text },
    file: `file-${index}.js`,
  };
}

/** The same lines, as something that parses. */
function commented(source: string): string {
  return source.replace(/[^\r\n\u2028]/g, ' ');
}

function placeOf(text: string, offset: number): [line: number, column: number] {
  const before = text.slice(0, offset).split(/\r\n|[\n\r\u2028\u2029]/);
  return [before.length - 1, before.at(-1)?.length ?? 0];
}
