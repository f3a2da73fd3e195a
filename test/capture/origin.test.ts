import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { decode } from '@jridgewell/sourcemap-codec';
import { capture } from '../../src/capture/index.ts';
import type { AnyFunction } from '../../src/model/function-type.ts';
import { codePlaces } from '../../src/pool/code-places.ts';
import { travellingTables } from './cases.ts';
import { evaluate } from './evaluate.ts';
import { cases } from './fixtures/frames.mjs';
import { identity, totalOf } from './fixtures/modules/typed.ts';
import { place } from './fixtures/throws.ts';
import { framesOf } from './frames.ts';

describe('frames of an error map to the line and column of their author, thrown by', () => {
  for (const [title, fn] of Object.entries<AnyFunction>(cases)) {
    test(title, () => assertSameFrames(fn, 'test/capture/fixtures/frames.mjs'));
  }
  test('a TypeScript function', () => {
    return assertSameFrames(place, 'test/capture/fixtures/throws.ts', [{ id: 4 }]);
  });
});

test('every place in the map is where the same word stands in the file', async () => {
  let words = 0;
  const [values, , , functions] = await travellingTables();
  const rows = [...Object.values(values?.rows ?? {}), ...Object.values(functions?.rows ?? {})];
  for (const [fn] of rows) {
    const { code, origin } = await capture(fn);
    const { sources, mappings } = JSON.parse(origin.map);
    const written = codeLines(code);
    for (const [line, segments] of decode(mappings).entries()) {
      for (const [column, source, fileLine, fileColumn] of segments) {
        if (source === undefined || fileLine === undefined) continue;
        const text = codeLines(readFileSync(sources[source], 'utf8'))[fileLine]?.slice(fileColumn);
        const here = written[line]?.slice(column) ?? '';
        const [word = ''] = /^[\w$]+|^./.exec(here) ?? [];
        assert.ok(text?.startsWith(word) || /^\s/.test(here), `${word} at ${line}:${column}`);
        words += 1;
      }
    }
  }
  assert.ok(words > 500, `${words}`);
});

test('the source of a TypeScript function has its types', async () => {
  const { source } = (await capture(totalOf)).origin;
  assert.ok(source.startsWith('function totalOf(items: readonly Item[]'), source);
  assert.ok(source.endsWith('}'));
});

test('the source of a generic arrow begins with its type parameters', async () => {
  assert.equal((await capture(identity)).origin.source, '<T>(value: T): T => value');
});

async function assertSameFrames(
  fn: AnyFunction,
  file: string,
  args: unknown[] = [],
): Promise<void> {
  const artifact = await capture(fn);
  const places = codePlaces(artifact.origin);
  const guest = evaluate(artifact);
  const frames = await framesOf(() => guest(...args), 'artifact');
  const expected = await framesOf(
    () => Reflect.apply(fn, undefined, args),
    file.split('/').at(-1) ?? '',
  );
  assert.ok(frames.length > 0);
  assert.deepEqual(
    frames.slice(0, expected.length).map(({ line, column }) => places(line, column)),
    expected.slice(0, frames.length).map(({ line, column }) => `${file}:${line}:${column}`),
  );
}

function codeLines(text: string): string[] {
  return text.split(/\r\n|[\n\r\u2028\u2029]/);
}
