import type { ExportedVariable } from '../names/export-getters.ts';
import { exportOrigin, modulePath } from '../names/export-origin.ts';
import { exportNames, importedFrom, isImported } from '../names/imports.ts';
import { refuse } from '../refusal/refusal.ts';
import type { FunctionReader } from '../scripts/functions.ts';
import type {
  Binding,
  FunctionNode,
  Graph,
  InitialiserNode,
  LiveNode,
  Property,
  ValueNode,
} from '../walk/graph.ts';

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
  readonly #reader: FunctionReader;
  readonly #nodes = new Map<string, LiveNode>();

  constructor(graph: Graph, uses: readonly Use[], reader: FunctionReader) {
    this.#reader = reader;
    this.#graph = graph;
    this.#uses = uses;
  }

  /**
   * Connects everybody who imports the variable that `writer` writes.
   *
   * @param onUnknown called for a use that may or may not be of this variable
   */
  connect(writer: Use, onUnknown: (use: Use) => void): void {
    const isExported = exportNames(writer.node.script, writer.binding.free).length > 0;
    for (const use of isExported ? this.#uses : []) {
      const { free, ref } = use.binding;
      if (!isImported(free.variable) || ref !== writer.binding.ref) continue;
      const origin = this.#originOf(use, writer);
      if (origin === 'unknown') onUnknown(use);
      if (origin === 'same') this.#read(use, this.#liveNode(writer));
    }
    for (const node of this.#graph.nodes) {
      if (node.kind === 'value') this.#connectModule(node, writer, onUnknown);
      if (node.kind === 'initialiser' && isExported) this.#checkInitialiser(node, writer);
    }
  }

  #read({ node, binding }: Use, live: LiveNode): void {
    const index = node.bindings.indexOf(binding);
    // Several functions may write the variable.
    if (index < 0) return;
    node.bindings.splice(index, 1);
    for (const use of binding.free.uses) node.liveUses.push({ use, live });
  }

  /** What is made anew has copies of the variables it names. */
  #checkInitialiser(node: InitialiserNode, writer: Use): void {
    for (const binding of node.bindings) {
      if (!isImported(binding.free.variable) || binding.ref !== writer.binding.ref) continue;
      if (this.#originOf({ node, binding }, writer) !== 'other') refuseCopied(node, binding);
    }
  }

  #connectModule(node: ValueNode, writer: Use, onUnknown: (use: Use) => void): void {
    for (const [index, property] of node.properties.entries()) {
      const { key, content } = property;
      if (!('value' in content) || content.value !== writer.binding.ref) continue;
      const origin = this.#originOfProperty(node, property, writer);
      if (origin === 'unknown') onUnknown(writer);
      if (origin !== 'same') continue;
      const get = this.#liveNode(writer);
      node.properties[index] = { key, content: { get, set: undefined }, flags: undefined };
    }
  }

  #originOf({ node, binding }: Bearer, writer: Use): Origin {
    const source = binding.free.variable && importedFrom(node.script, binding.free.variable);
    const path = source && modulePath(node.script, source.module);
    if (source === undefined) return 'unknown';
    if (path !== undefined) return this.#compare(path, source.name, writer);
    // Packages and Node's modules do not give on what the author's own write.
    return source.module.startsWith('#') ? 'unknown' : 'other';
  }

  #originOfProperty({ shape, properties }: ValueNode, property: Property, writer: Use): Origin {
    const { key, variable } = property;
    if (variable !== undefined) return isOne(variable, writer) ? 'same' : 'other';
    if (shape.type !== 'namespace' || typeof key !== 'string') return 'other';
    if (shape.module !== undefined) return this.#compare(shape.module, key, writer);
    const { script } = writer.node;
    const names = exportNames(script, writer.binding.free);
    if (!names.includes(key)) return 'other';
    // A function that the same module declares tells which module it is.
    const isOfScript = properties.some(({ content }) => {
      const value = 'value' in content ? content.value : undefined;
      return typeof value === 'object' && value.kind === 'function' && value.script === script;
    });
    return isOfScript ? 'same' : 'unknown';
  }

  #compare(path: string, name: string, writer: Use): Origin {
    const origin = exportOrigin(this.#reader, path, name);
    if (origin === undefined) return 'unknown';
    return isOne(origin, writer) ? 'same' : 'other';
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

function isOne({ variable }: ExportedVariable, { binding }: Use): boolean {
  return variable === binding.free.variable;
}

/** What has the binding: a function, or an initialiser. */
interface Bearer {
  readonly node: Pick<FunctionNode, 'script'>;
  readonly binding: Binding;
}

type Origin = 'same' | 'other' | 'unknown';

/** @throws Refusal for a variable that a function writes and what is made anew names */
export function refuseCopied({ name, trail }: InitialiserNode, { free }: Binding): never {
  const problem = `\`${free.name}\` is assigned, and \`${name}\`, which has to be made anew where the function runs, cannot share it`;
  const fix = `keep it in an object: \`const state = { ${free.name} }\``;
  refuse(problem, fix, { kind: 'variable', text: free.name, before: trail });
}
