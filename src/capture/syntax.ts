import type {
  AnonymousClassDeclaration,
  AnonymousFunctionDeclaration,
  AnyNode,
  ArrowFunctionExpression,
  ClassDeclaration,
  ClassExpression,
  FunctionDeclaration,
  FunctionExpression,
} from 'acorn';

export type ClassSyntax = ClassDeclaration | AnonymousClassDeclaration | ClassExpression;

/** What the text of a live function can be. */
export type FunctionSyntax =
  | FunctionDeclaration
  | AnonymousFunctionDeclaration
  | FunctionExpression
  | ArrowFunctionExpression
  | ClassSyntax;

export function isFunctionSyntax(node: AnyNode): node is FunctionSyntax {
  return (
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression' ||
    isClassSyntax(node)
  );
}

export function isClassSyntax(node: AnyNode): node is ClassSyntax {
  return node.type === 'ClassDeclaration' || node.type === 'ClassExpression';
}

/** The nodes directly below `node`, with the field each hangs on, in the order of the text. */
export function childrenOf(node: AnyNode): readonly { field: string; child: AnyNode }[] {
  return Object.entries(node).flatMap(([field, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter(isNode)
      .map((child: AnyNode) => ({ field, child })),
  );
}

/** A part of a script's text, from `start` to before `end`. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

export function isWithin(inner: TextRange, outer: TextRange): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}
