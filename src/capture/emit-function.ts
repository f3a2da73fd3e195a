import type { FunctionNode } from './graph.ts';
import { stringText } from './literal.ts';
import { keyExpression } from './object-text.ts';
import type { OwnNames } from './own-names.ts';
import type { AuthorText, Piece } from './pieces.ts';
import type { Places } from './places.ts';
import type { Member } from './rooms.ts';
import { type ClassSyntax, isClassSyntax } from './syntax.ts';

/** A function as an expression whose value has the original's name. */
export function functionPieces(
  { node, hidesName }: Member,
  places: Places,
  names: OwnNames,
): Piece[] {
  const { syntax, name } = node;
  const written = isClassSyntax(syntax)
    ? classPieces(node, syntax, places, names)
    : [authorText(node, hidesName)];
  const key = `[${stringText(name)}]`;
  if (!isClassSyntax(syntax) && isMethod(node)) {
    const head = `${syntax.async ? 'async ' : ''}${syntax.generator ? '*' : ''}`;
    return [`({ ${head}${key}`, ...written, ` })${key}`];
  }
  if (syntax.id && !hidesName) return written;
  // A function without a name takes that of the property it is made for.
  return [`({ ${key}: `, ...written, ` })${key}`];
}

function authorText({ script, syntax }: FunctionNode, hidesName: boolean): AuthorText {
  const text = script.source.slice(syntax.start, syntax.end);
  if (!hidesName || !syntax.id) return { script, start: syntax.start, text };
  // Blanks in place of the name keep every column where it was.
  const before = text.slice(0, syntax.id.start - syntax.start);
  const after = text.slice(syntax.id.end - syntax.start);
  const blank = ' '.repeat(syntax.id.end - syntax.id.start);
  return { script, start: syntax.start, text: before + blank + after };
}

/** A class with its edits; its private static fields are set from outside, by a setter in its body. */
function classPieces(
  { script, edits, privates }: FunctionNode,
  syntax: ClassSyntax,
  places: Places,
  names: OwnNames,
): Piece[] {
  const pieces: Piece[] = [];
  let start = syntax.start;
  const copyTo = (end: number): void => {
    if (end > start) pieces.push({ script, start, text: script.source.slice(start, end) });
  };
  for (const edit of edits.toSorted((one, other) => one.start - other.start)) {
    copyTo(edit.start);
    const { text } = edit;
    pieces.push(typeof text === 'string' ? text : keyExpression(text.key, places.textOf));
    start = edit.end;
  }
  const bodyEnd = syntax.body.end - 1;
  copyTo(bodyEnd);
  pieces.push(privates.length === 0 ? '' : privateSetter(privates, names));
  start = bodyEnd;
  copyTo(syntax.end);
  return pieces;
}

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
