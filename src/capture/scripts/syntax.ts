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

/** A node directly below another one. */
export interface Child {
  readonly field: string;
  readonly child: AnyNode;
}

/** The nodes directly below `node`, with the field each hangs on, in the order of the text. */
export function childrenOf(node: AnyNode): readonly Child[] {
  const children: Child[] = [];
  // Every node of every script comes by here, several times: no intermediate lists.
  for (const field in node) {
    const value: unknown = node[field as keyof AnyNode];
    if (typeof value !== 'object' || value === null) continue;
    if (isNode(value)) children.push({ field, child: value });
    if (!Array.isArray(value)) continue;
    for (const child of value) if (isNode(child)) children.push({ field, child });
  }
  return children;
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
