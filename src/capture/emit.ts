import { functionPieces } from './emit-function.ts';
import { ValueWriter } from './emit-values.ts';
import type { FunctionNode, Graph, GraphNode, Ref } from './graph.ts';
import { stringText } from './literal.ts';
import { chooseNames, type OwnNames } from './own-names.ts';
import { type Emitted, joinPieces, type Piece } from './pieces.ts';
import type { Cell, Member, Room } from './rooms.ts';

/**
 * Writes the code: first the functions, around variables that are still empty; then the values;
 * then the variables get theirs. So cycles of any kind need no special order.
 */
export function emit(graph: Graph, rooms: readonly Room[]): Emitted {
  return new Emitter(graph, rooms).run();
}

class Emitter {
  readonly #graph: Graph;
  readonly #rooms: readonly Room[];
  readonly #functions: readonly FunctionNode[];
  readonly #names: OwnNames;
  readonly #values: ValueWriter;
  readonly #places = new Map<GraphNode, string>();
  readonly #pieces: Piece[] = [];
  #setters = 0;

  constructor(graph: Graph, rooms: readonly Room[]) {
    this.#graph = graph;
    this.#rooms = rooms;
    this.#functions = graph.nodes.filter((node) => node.kind === 'function');
    this.#names = chooseNames(this.#functions);
    for (const [index, node] of this.#functions.entries()) {
      this.#places.set(node, `${this.#names.functions}[${index}]`);
    }
    this.#values = new ValueWriter(graph, this.#places, this.#names);
  }

  run(): Emitted {
    const { scatter, functions, values, setters } = this.#names;
    const valueLines = this.#values.run();
    this.#pieces.push(
      `(${scatter}) => {\nvar ${functions} = [], ${values} = [], ${setters} = [];\n`,
    );
    for (const room of this.#rooms) this.#addRoom(room);
    // Joined, because there can be more lines than a call can have arguments.
    this.#pieces.push(valueLines.join(''), this.#propertyLines().join(''));
    for (let index = 0; index < this.#setters; index++)
      this.#pieces.push(`${setters}[${index}]();\n`);
    this.#pieces.push(
      this.#integrityLines().join(''),
      `return ${this.#refText(this.#graph.root)};\n}`,
    );
    return joinPieces(this.#pieces);
  }

  #addRoom({ script, cells, members }: Room): void {
    this.#openScope(script.isModule, [...cells.values()]);
    for (const member of members) this.#addMember(member, script.isModule);
    this.#closeScope([...cells.values()]);
  }

  #addMember(member: Member, isStrict: boolean): void {
    const { node, ownCells } = member;
    const needsScope = ownCells.length > 0 || node.isStrict !== isStrict;
    if (needsScope) this.#openScope(node.isStrict, ownCells);
    this.#pieces.push(`${this.#refText(node)} = `, ...functionPieces(member), ';\n');
    if (needsScope) this.#closeScope(ownCells);
  }

  #openScope(isStrict: boolean, cells: readonly Cell[]): void {
    this.#pieces.push(isStrict ? '(function () { "use strict";\n' : '(function () {\n');
    // `var`, because sloppy code may call a variable `let`.
    const declared = cells.map(({ name, ref }) =>
      typeof ref === 'string' ? `${name} = ${ref}` : name,
    );
    if (declared.length > 0) this.#pieces.push(`var ${declared.join(', ')};\n`);
  }

  #closeScope(cells: readonly Cell[]): void {
    const later = cells.filter(({ ref }) => typeof ref !== 'string');
    if (later.length > 0) {
      const lines = later.map(({ name, ref }) => `${name} = ${this.#refText(ref)};`);
      const setter = `${this.#names.setters}[${this.#setters++}]`;
      this.#pieces.push(`${setter} = () => { ${lines.join(' ')} };\n`);
    }
    this.#pieces.push('})();\n');
  }

  #propertyLines(): string[] {
    return this.#functions.flatMap((node) => {
      const place = this.#refText(node);
      const declared = node.syntax.id?.name;
      const isRenamed = declared !== undefined && declared !== node.name;
      const rename = `Object.defineProperty(${place}, "name", { value: ${stringText(node.name)}, configurable: true });\n`;
      const lines = node.properties.map(
        ({ key, value }) =>
          `Object.defineProperty(${place}, ${stringText(key)}, { value: ${this.#refText(value)}, ` +
          'writable: true, enumerable: true, configurable: true });\n',
      );
      return isRenamed ? [rename, ...lines] : lines;
    });
  }

  #integrityLines(): string[] {
    return this.#graph.nodes.flatMap((node) => {
      if ((node.kind !== 'value' && node.kind !== 'function') || !node.integrity) return [];
      return [`Object.${node.integrity}(${this.#refText(node)});\n`];
    });
  }

  #refText(ref: Ref): string {
    return typeof ref === 'string' ? ref : (this.#places.get(ref) ?? 'void 0');
  }
}
