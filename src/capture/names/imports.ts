import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AnyNode } from 'acorn';
import type { Variable } from 'eslint-scope';
import type { Script } from '../scripts/script.ts';

/** Where an imported or required variable comes from. */
export interface ImportSource {
  readonly module: string;
  /** The exported name; `*` for the whole module. */
  readonly name: string;
  readonly kind: 'import' | 'require';
}

/** Whether an `import` statement declares the variable. */
export function isImported(variable: Variable | undefined): boolean {
  return variable?.defs[0]?.type === 'ImportBinding';
}

/**
 * Reads `import … from 'x'`, `const x = require('x')`, `const { a } = require('x')`,
 * `const a = require('x').a`, and what tsx and vite make of them.
 */
export function importedFrom(script: Script, variable: Variable): ImportSource | undefined {
  const definition = variable.defs[0];
  if (definition === undefined) return undefined;
  // The same nodes by ESTree; the two libraries only declare them differently.
  const node = definition.node as unknown as AnyNode;
  if (isImported(variable)) return importSource(script, node);
  if (node.type !== 'VariableDeclarator') return undefined;
  const required = whereHostFinds(script, requiredModule(node.init ?? undefined));
  if (required === undefined || node.id.type !== 'ObjectPattern') return required;
  const property = node.id.properties.find(
    (one) =>
      one.type === 'Property' &&
      one.value.type === 'Identifier' &&
      one.value.name === variable.name,
  );
  if (property?.type !== 'Property' || property.computed) return undefined;
  return required.name === '*' ? { ...required, name: nameOf(property.key) } : undefined;
}

/** The names by which other modules can see the variable change. */
export function exportNames(
  script: Script,
  { variable }: { readonly variable: Variable | undefined },
): string[] {
  if (variable === undefined) return [];
  const declared = variable.identifiers as unknown as readonly AnyNode[];
  const names = declared.flatMap((identifier) => declaredExport(script, identifier, variable.name));
  const specified = variable.references.flatMap(({ identifier }) => {
    const parent = script.parents.get(identifier as unknown as AnyNode);
    return parent?.type === 'ExportSpecifier' ? [nameOf(parent.exported)] : [];
  });
  return [...names, ...specified];
}

function declaredExport(script: Script, identifier: AnyNode, name: string): string[] {
  const parent = script.parents.get(identifier);
  const isFunction = parent?.type === 'FunctionDeclaration';
  let node = parent;
  while (node !== undefined && node.type !== 'VariableDeclaration' && !isFunction) {
    node = script.parents.get(node);
  }
  const around = node === undefined ? undefined : script.parents.get(node);
  if (around?.type === 'ExportDefaultDeclaration') return ['default'];
  return around?.type === 'ExportNamedDeclaration' ? [name] : [];
}

function importSource(script: Script, node: AnyNode): ImportSource | undefined {
  const parent = script.parents.get(node);
  if (parent?.type !== 'ImportDeclaration') return undefined;
  const at = { module: String(parent.source.value), kind: 'import' } as const;
  if (node.type === 'ImportSpecifier') return { ...at, name: nameOf(node.imported) };
  return { ...at, name: node.type === 'ImportDefaultSpecifier' ? 'default' : '*' };
}

/** vite writes paths from the root of its project, which it does not name. */
function whereHostFinds(
  { file }: Script,
  source: ImportSource | undefined,
): ImportSource | undefined {
  if (source === undefined || file === undefined || !source.module.startsWith('/')) return source;
  if (source.module.startsWith('/@fs/')) return { ...source, module: source.module.slice(4) };
  for (let folder = dirname(file.path); ; folder = dirname(folder)) {
    const path = join(folder, source.module);
    if (existsSync(path)) return { ...source, module: path };
    if (folder === dirname(folder)) return source;
  }
}

// What esbuild (under tsx) and vite-node call in place of an import.
const LOADERS = /^(require|__vite_ssr_import__)$/;
const INTEROP = /^__(toESM|importStar|importDefault)$/;

function requiredModule(init: AnyNode | undefined): ImportSource | undefined {
  if (init?.type === 'AwaitExpression') return requiredModule(init.argument);
  if (init?.type === 'MemberExpression' && !init.computed) {
    const whole = requiredModule(init.object);
    return whole?.name === '*' ? { ...whole, name: nameOf(init.property) } : undefined;
  }
  if (init?.type !== 'CallExpression' || init.callee.type !== 'Identifier') return undefined;
  const [argument] = init.arguments;
  if (INTEROP.test(init.callee.name)) {
    const inner = requiredModule(argument);
    return inner && { ...inner, kind: 'import' };
  }
  if (!LOADERS.test(init.callee.name) || argument?.type !== 'Literal') return undefined;
  if (typeof argument.value !== 'string') return undefined;
  const kind = init.callee.name === 'require' ? 'require' : 'import';
  return { module: argument.value, name: '*', kind };
}

/** The text of a name in an import or export, which may be a string. */
export function nameOf(node: AnyNode): string {
  if (node.type === 'Identifier') return node.name;
  return node.type === 'Literal' ? String(node.value) : '';
}
