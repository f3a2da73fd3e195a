import type { FunctionNode } from './graph.ts';
import { stringText } from './literal.ts';
import type { AuthorText, Piece } from './pieces.ts';
import type { Member } from './rooms.ts';

/** A function as an expression whose value has the original's name. */
export function functionPieces({ node, hidesName }: Member): Piece[] {
  const { syntax, name } = node;
  const written = authorText(node, hidesName);
  const key = `[${stringText(name)}]`;
  if (isMethod(node)) {
    const head = `${syntax.async ? 'async ' : ''}${syntax.generator ? '*' : ''}`;
    return [`({ ${head}${key}`, written, ` })${key}`];
  }
  if (syntax.id && !hidesName) return [written];
  // A function without a name takes that of the property it is made for.
  return [`({ ${key}: `, written, ` })${key}`];
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

/** Whether the text after the name alone is no function: `foo() {}`, `get foo() {}`. */
function isMethod({ script, syntax }: FunctionNode): boolean {
  const parent = script.parents.get(syntax);
  if (parent?.type === 'MethodDefinition') return parent.value === syntax;
  if (parent?.type !== 'Property' || parent.value !== syntax) return false;
  return parent.method || parent.kind !== 'init';
}
