import { isClassSyntax, type TextRange } from '../scripts/syntax.ts';
import type { Member } from '../sharing/rooms.ts';
import { stringText } from '../values/literal.ts';
import type { FunctionNode } from '../walk/graph.ts';
import { keyExpression } from './object-text.ts';
import type { OwnNames } from './own-names.ts';
import type { Piece } from './piece.ts';
import type { Places } from './places.ts';

/** A function as an expression whose value has the original's name. */
export function functionPieces(
  { node, hidesName }: Member,
  places: Places,
  names: OwnNames,
): Piece[] {
  const { syntax, name } = node;
  const written = authorPieces(node, hidesName, places, names);
  const key = `[${stringText(name)}]`;
  if (!isClassSyntax(syntax) && isMethod(node)) {
    const head = `${syntax.async ? 'async ' : ''}${syntax.generator ? '*' : ''}`;
    return [`({ ${head}${key}`, ...written, ` })${key}`];
  }
  if (syntax.id && !hidesName) return written;
  // A function without a name takes that of the property it is made for.
  return [`({ ${key}: `, ...written, ` })${key}`];
}

interface TextEdit extends TextRange {
  readonly text: string;
}

/** The author's text with what must be otherwise here. */
function authorPieces(
  node: FunctionNode,
  hidesName: boolean,
  places: Places,
  names: OwnNames,
): Piece[] {
  const { script, syntax } = node;
  const pieces: Piece[] = [];
  let start = syntax.start;
  const copyTo = (end: number): void => {
    if (end > start) pieces.push({ script, start, text: script.source.slice(start, end) });
  };
  for (const edit of editsOf(node, hidesName, places, names)) {
    copyTo(edit.start);
    pieces.push(edit.text);
    start = edit.end;
  }
  copyTo(syntax.end);
  return pieces;
}

function editsOf(
  node: FunctionNode,
  hidesName: boolean,
  places: Places,
  names: OwnNames,
): readonly TextEdit[] {
  const { syntax, edits, liveUses, privates } = node;
  const all: TextEdit[] = edits.map(({ text, ...range }) => {
    return {
      ...range,
      text: typeof text === 'string' ? text : keyExpression(text.key, places.textOf),
    };
  });
  for (const use of liveUses) all.push(liveEdit(node, use, places));
  if (hidesName && syntax.id) all.push({ start: syntax.id.start, end: syntax.id.end, text: ' ' });
  if (isClassSyntax(syntax) && privates.length > 0) {
    const end = syntax.body.end - 1;
    all.push({ start: end, end, text: privateSetter(privates, names) });
  }
  return all.sort((one, other) => one.start - other.start);
}

/** A call in place of a name; the places where a call reads otherwise are two. */
function liveEdit(
  { script }: FunctionNode,
  { use, live }: FunctionNode['liveUses'][number],
  places: Places,
): TextEdit {
  const { start, end } = use;
  const call = `${places.textOf(live)}()`;
  const parent = script.parents.get(use);
  if (parent?.type === 'Property' && parent.shorthand) {
    return { start, end, text: `${script.source.slice(start, end)}: ${call}` };
  }
  const isNew = parent?.type === 'NewExpression' && parent.callee === use;
  return { start, end, text: isNew ? `(${call})` : call };
}

/** Private static fields of a class are set from outside, by a function that its body makes. */
function privateSetter(privates: FunctionNode['privates'], names: OwnNames): string {
  const lines = privates.map(({ name }, index) => `this.${name} = values[${index}];`);
  return ` ;static { ${names.privates}.push((values) => { ${lines.join(' ')} }); } `;
}

/** Whether the text after the name alone is no function: `foo() {}`, `get foo() {}`. */
function isMethod({ script, syntax }: FunctionNode): boolean {
  const parent = script.parents.get(syntax);
  if (parent?.type === 'MethodDefinition') return parent.value === syntax;
  if (parent?.type !== 'Property' || parent.value !== syntax) return false;
  return parent.method || parent.kind !== 'init';
}
