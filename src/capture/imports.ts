import type { AnyNode } from 'acorn';
import type { Variable } from 'eslint-scope';
import type { Script } from './script.ts';

/** Where an imported or required variable comes from. */
export interface ImportSource {
  readonly module: string;
  /** The exported name; `*` for the whole module. */
  readonly name: string;
}

/** Reads `import … from 'x'`, `const x = require('x')`, `const { a } = require('x')`. */
export function importedFrom(script: Script, variable: Variable): ImportSource | undefined {
  const definition = variable.defs[0];
  if (definition === undefined) return undefined;
  // The same nodes by ESTree; the two libraries only declare them differently.
  const node = definition.node as unknown as AnyNode;
  if (definition.type === 'ImportBinding') return importSource(script, node);
  if (node.type !== 'VariableDeclarator') return undefined;
  const module = requiredModule(node.init ?? undefined);
  if (module === undefined) return undefined;
  if (node.id.type === 'ObjectPattern') {
    const property = node.id.properties.find(
      (one) =>
        one.type === 'Property' &&
        one.value.type === 'Identifier' &&
        one.value.name === variable.name,
    );
    if (property?.type === 'Property') return { module, name: nameOf(property.key) };
  }
  return { module, name: '*' };
}

/** Whether another module can see the variable change. */
export function isExported(script: Script, variable: Variable): boolean {
  const declared = variable.identifiers as unknown as readonly AnyNode[];
  if (declared.some((identifier) => isInExport(script, identifier))) return true;
  return variable.references.some(({ identifier }) => {
    return script.parents.get(identifier as unknown as AnyNode)?.type === 'ExportSpecifier';
  });
}

function isInExport(script: Script, identifier: AnyNode): boolean {
  const parent = script.parents.get(identifier);
  const isFunction = parent?.type === 'FunctionDeclaration';
  let node = parent;
  while (node !== undefined && node.type !== 'VariableDeclaration' && !isFunction) {
    node = script.parents.get(node);
  }
  const around = node === undefined ? undefined : script.parents.get(node);
  return around?.type === 'ExportNamedDeclaration' || around?.type === 'ExportDefaultDeclaration';
}

function importSource(script: Script, node: AnyNode): ImportSource | undefined {
  const parent = script.parents.get(node);
  if (parent?.type !== 'ImportDeclaration') return undefined;
  const module = String(parent.source.value);
  if (node.type === 'ImportSpecifier') return { module, name: nameOf(node.imported) };
  return { module, name: node.type === 'ImportDefaultSpecifier' ? 'default' : '*' };
}

function requiredModule(init: AnyNode | undefined): string | undefined {
  if (init?.type !== 'CallExpression' || init.callee.type !== 'Identifier') return undefined;
  const [argument] = init.arguments;
  if (init.callee.name !== 'require' || argument?.type !== 'Literal') return undefined;
  return typeof argument.value === 'string' ? argument.value : undefined;
}

function nameOf(node: AnyNode): string {
  if (node.type === 'Identifier') return node.name;
  return node.type === 'Literal' ? String(node.value) : '';
}
