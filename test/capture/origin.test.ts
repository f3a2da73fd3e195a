import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capture } from '../../src/capture/index.ts';
import type { SourceSpan } from '../../src/model/artifact.ts';
import { evaluate } from './evaluate.ts';
import { identity, totalOf } from './fixtures/modules/typed.ts';
import { place } from './fixtures/throws.ts';

const THROWS = 'test/capture/fixtures/throws.ts';

test('every frame of a thrown error maps to the line and column of its author', async () => {
  const artifact = await capture(place);
  const guest = evaluate(artifact);
  const frames = framesOf(() => guest({ id: 4 }), /artifact:(\d+):(\d+)/g);
  const expected = framesOf(() => place({ id: 4 }), /throws\.ts:(\d+):(\d+)/g);
  const mapped = frames
    .slice(0, 2)
    .map(([line, column]) => mapBack(artifact.origin.spans, line, column));
  assert.deepEqual(mapped, [
    { file: THROWS, line: expected[0]?.[0], column: expected[0]?.[1] },
    { file: THROWS, line: expected[1]?.[0], column: expected[1]?.[1] },
  ]);
});

test('the source of a TypeScript function has its types', async () => {
  const { source } = (await capture(totalOf)).origin;
  assert.ok(source.startsWith('function totalOf(items: readonly Item[]'), source);
  assert.ok(source.endsWith('}'));
});

test('the source of a generic arrow begins with its type parameters', async () => {
  assert.equal((await capture(identity)).origin.source, '<T>(value: T): T => value');
});

function framesOf(run: () => unknown, pattern: RegExp): [number, number][] {
  try {
    run();
  } catch (error) {
    const { stack } = error as Error;
    const frames = String(stack).matchAll(pattern);
    return Array.from(frames, ([, line, column]) => [Number(line), Number(column)]);
  }
  return [];
}

function mapBack(spans: readonly SourceSpan[], line: number, column: number) {
  const span = spans.find(
    ({ codeLine, lineCount, codeColumn }) =>
      line >= codeLine && line < codeLine + lineCount && (line > codeLine || column >= codeColumn),
  );
  if (span === undefined) return undefined;
  const isFirst = line === span.codeLine;
  return {
    file: span.file,
    line: span.fileLine + line - span.codeLine,
    column: isFirst ? span.fileColumn + column - span.codeColumn : column,
  };
}
