import type { FunctionNode } from '../walk/graph.ts';
import { originalSource } from './original-source.ts';
import { readText, scriptMapOf } from './script-map.ts';

type FunctionText = Pick<FunctionNode, 'script' | 'syntax' | 'textStart'>;

/**
 * The function as its author wrote it: through the source map if its script was compiled by others.
 * Node itself strips types by blanking them out, so in a TypeScript file the same range holds the
 * types too, as long as the file is still the one that was loaded.
 */
export function authorSource(fn: FunctionText): string {
  const { script, syntax, textStart } = fn;
  const { source, file } = script;
  const stripped = source.slice(textStart, syntax.end);
  const map = scriptMapOf(script);
  if (map !== undefined) return originalSource(fn, map) ?? stripped;
  if (file === undefined || !/\.[cm]?ts$/.test(file.path)) return stripped;
  const original = readText(file.path);
  if (original === undefined) return stripped;
  const start = textStart - blankedBefore(source, original, textStart);
  return agrees(source, original, start, syntax.end) ? original.slice(start, syntax.end) : stripped;
}

/** How many characters of type parameters stand right before the function, as in `<T>(x: T) => x`. */
function blankedBefore(source: string, original: string, end: number): number {
  const blank = /\s*$/.exec(source.slice(0, end))?.[0].length ?? 0;
  for (let start = end - blank; start < end; start++) {
    if (original[start] === '<') return end - start;
  }
  return 0;
}

function agrees(source: string, original: string, start: number, end: number): boolean {
  for (let index = start; index < end; index++) {
    const character = source[index] ?? '';
    // Where a blanked type would join two lines, the stripper moves or adds one of these.
    if (character !== original[index] && !/[\s;(),=>]/.test(character)) return false;
  }
  return true;
}
