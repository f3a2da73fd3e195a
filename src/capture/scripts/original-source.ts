import type { FunctionNode } from '../walk/graph.ts';
import { expressionEnd } from './expression-end.ts';
import type { ScriptMap } from './script-map.ts';
import type { FunctionSyntax } from './syntax.ts';

type FunctionText = Pick<FunctionNode, 'script' | 'syntax' | 'textStart'>;

/** A place in the original text. */
interface Original {
  readonly text: string;
  readonly offset: number;
  readonly isExact: boolean;
}

/**
 * The text of a function before it was compiled. A map tells where things begin and not where they
 * end, so the end is looked for; undefined where what is found does not look like the same function.
 */
export function originalSource(fn: FunctionText, map: ScriptMap): string | undefined {
  const { script, syntax, textStart } = fn;
  const compiled = script.source.slice(textStart, syntax.end);
  const start = findStart(fn, compiled, map);
  const end = start === undefined ? undefined : findEnd(syntax, compiled, script.source, map);
  if (start === undefined || end === undefined || end.text !== start.text) return undefined;
  const written = start.text.slice(start.offset, end.offset);
  return hasWordsOf(written, compiled) ? written : undefined;
}

function findStart(
  { syntax, textStart }: FunctionText,
  compiled: string,
  map: ScriptMap,
): Original | undefined {
  const [parameter] = syntax.type === 'ArrowFunctionExpression' ? syntax.params : [];
  const [first = ''] = /^[\w$]+|./.exec(compiled) ?? [];
  const there = behindExport(originalAt(map, textStart));
  const isThere = there?.text.startsWith(first, there.offset) === true;
  if (isThere && parameter?.start !== textStart) return there;
  if (first === '(' && there?.text[there.offset] === '<') return there;
  // Some compilers have no entry for an arrow, and one for its first parameter.
  return parameter && beforeParameter(originalAt(map, parameter.start));
}

/** Compilers put the entry of an exported declaration at its `export`. */
function behindExport(there: Original | undefined): Original | undefined {
  if (there === undefined) return undefined;
  const [exporting = ''] =
    /^export\s+(?:default\s+)?/.exec(there.text.slice(there.offset, there.offset + 100)) ?? [];
  return { ...there, offset: there.offset + exporting.length };
}

function beforeParameter(parameter: Original | undefined): Original | undefined {
  if (!parameter?.isExact) return undefined;
  const { text, offset } = parameter;
  const isBare = /^[\w$]+\s*=>/.test(text.slice(offset, offset + 300));
  const head = isBare ? /(?:async\s+)?$/ : /(?:async\s*)?(?:<[^()]*>\s*)?\(\s*$/;
  const found = head.exec(text.slice(0, offset))?.[0] ?? '';
  return { ...parameter, offset: offset - found.length };
}

function findEnd(
  { body, end }: FunctionSyntax,
  compiled: string,
  source: string,
  map: ScriptMap,
): Original | undefined {
  if (body.type === 'BlockStatement' || compiled.endsWith('}')) {
    const brace = originalAt(map, end - 1);
    if (!brace?.isExact || brace.text[brace.offset] !== '}') return undefined;
    return { ...brace, offset: brace.offset + 1 };
  }
  const start = originalAt(map, body.start);
  if (!start?.isExact) return undefined;
  const closers = source.slice(body.end, end).split(')').length - 1;
  return { ...start, offset: expressionEnd(start.text, start.offset, closers) };
}

function originalAt(map: ScriptMap, offset: number): Original | undefined {
  const found = map.find(offset);
  const original = found && map.textOf(found.source);
  if (found === undefined || original === undefined) return undefined;
  const { text, lines } = original;
  const { line, column } = found.place;
  return { text, offset: lines.offsetOf(line, column), isExact: found.isExact };
}

/** Whether all words of the compiled text are in the written one. */
function hasWordsOf(written: string, compiled: string): boolean {
  const words = new Set(written.match(/[\w$]+/g));
  // Names that a compiler adds or changes are not the author's.
  const added = /^_|\d$|^PURE$/;
  return (compiled.match(/[\w$]+/g) ?? []).every((word) => words.has(word) || added.test(word));
}
