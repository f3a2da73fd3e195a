import { dirname, resolve } from 'node:path';
import type { Binding, FunctionNode, Graph, LiveNode, Property, ValueNode } from './graph.ts';
import { exportNames, importedFrom } from './imports.ts';
import type { Script } from './script.ts';

/** A captured function with a variable it uses. */
export interface Use {
  readonly node: FunctionNode;
  readonly binding: Binding;
}

/**
 * An import is a live view of the exporting module's variable. Where a captured function writes that
 * variable, those that import it read it from there.
 */
export class LiveImports {
  readonly #graph: Graph;
  readonly #uses: readonly Use[];
  readonly #nodes = new Map<string, LiveNode>();

  constructor(graph: Graph, uses: readonly Use[]) {
    this.#graph = graph;
    this.#uses = uses;
  }

  /**
   * Connects everybody who imports the variable that `writer` writes.
   *
   * @param onUnknown called for a use that may or may not be of this variable
   */
  connect(writer: Use, onUnknown: (use: Use) => void): void {
    const { variable } = writer.binding.free;
    const names = variable === undefined ? [] : exportNames(writer.node.script, variable);
    for (const use of names.length === 0 ? [] : this.#uses) {
      if (!isImport(use.binding) || use.binding.ref !== writer.binding.ref) continue;
      const origin = originOf(use, writer.node.script, names);
      if (origin === 'unknown') onUnknown(use);
      if (origin === 'same') this.#read(use, this.#liveNode(writer));
    }
    for (const node of this.#graph.nodes) {
      if (node.kind !== 'value') continue;
      this.#connectNamespace(node, names, writer, onUnknown);
    }
  }

  #read({ node, binding }: Use, live: LiveNode): void {
    node.bindings.splice(node.bindings.indexOf(binding), 1);
    for (const use of binding.free.uses) node.liveUses.push({ use, live });
  }

  #connectNamespace(
    node: ValueNode,
    names: readonly string[],
    writer: Use,
    onUnknown: (use: Use) => void,
  ): void {
    for (const [index, property] of node.properties.entries()) {
      const { key, content } = property;
      if (!('value' in content) || content.value !== writer.binding.ref) continue;
      const origin = originOfProperty(node, property, names, writer);
      if (origin === 'unknown') onUnknown(writer);
      if (origin !== 'same') continue;
      const get = this.#liveNode(writer);
      node.properties[index] = { key, content: { get, set: undefined }, flags: undefined };
    }
  }

  #liveNode({ node, binding }: Use): LiveNode {
    const { name } = binding.free;
    const key = `${node.script.id}:${name}`;
    const live = this.#nodes.get(key) ?? { kind: 'live', writer: node, name };
    this.#nodes.set(key, live);
    return live;
  }

  /** What is read from the outside, by the functions that write it. */
  get nodes(): readonly LiveNode[] {
    return [...this.#nodes.values()];
  }
}

type Origin = 'same' | 'other' | 'unknown';

function isImport({ free }: Binding): boolean {
  return free.variable?.defs[0]?.type === 'ImportBinding';
}

function originOf({ node, binding }: Use, script: Script, names: readonly string[]): Origin {
  const source = binding.free.variable && importedFrom(node.script, binding.free.variable);
  const path = source && modulePath(node.script, source.module);
  if (source === undefined || path === undefined) return 'unknown';
  // It may still be given on by the module that it is imported from.
  if (!isSameFile(path, script)) return 'unknown';
  return names.includes(source.name) ? 'same' : 'other';
}

function originOfProperty(
  node: ValueNode,
  { key, variable }: Property,
  names: readonly string[],
  { node: writer, binding }: Use,
): Origin {
  if (variable !== undefined) {
    return variable.variable === binding.free.variable ? 'same' : 'other';
  }
  if (node.shape.type !== 'namespace' || typeof key !== 'string') return 'other';
  return names.includes(key) ? originOfNamespace(node, writer.script) : 'other';
}

function originOfNamespace({ shape, properties }: ValueNode, script: Script): Origin {
  const module = shape.type === 'namespace' ? shape.module : undefined;
  if (module !== undefined) return isSameFile(module, script) ? 'same' : 'unknown';
  const isOfScript = properties.some(({ content }) => {
    const value = 'value' in content ? content.value : undefined;
    return typeof value === 'object' && value.kind === 'function' && value.script === script;
  });
  return isOfScript ? 'same' : 'unknown';
}

/** The file that a relative import leads to; undefined for any other. */
export function modulePath({ file }: Script, specifier: string): string | undefined {
  if (file === undefined || !/^\.{1,2}\//.test(specifier)) return undefined;
  return resolve(dirname(file.path), specifier);
}

/** TypeScript writes `./a.js` for what is `./a.ts`. */
function isSameFile(path: string, { file }: Script): boolean {
  const plain = (text: string): string => text.replace(/\.([cm]?)[jt]sx?$/, '.$1js');
  return file !== undefined && plain(path) === plain(file.path);
}
