import type { Cell, Member, Room } from '../sharing/rooms.ts';
import { stringText } from '../values/literal.ts';
import { type FunctionNode, type Graph, type Ref, writtenFunctions } from '../walk/graph.ts';
import { functionPieces } from './emit-function.ts';
import { ValueWriter } from './emit-values.ts';
import { outfitClosings } from './object-text.ts';
import { chooseNames, type OwnNames } from './own-names.ts';
import type { Piece } from './piece.ts';
import { Places } from './places.ts';

/** The code in pieces, and what has to be bundled for it. */
export interface Emission {
  /** @param bundle the expression that gives what was imported; undefined if nothing was */
  pieces(bundle: Piece | undefined): Piece[];
  readonly imports: Places['imports'];
}

/**
 * Writes the code: first the functions, around variables that are still empty; then the values;
 * then the variables get theirs. So cycles of any kind need no special order.
 *
 * @throws Refusal where initialisers need each other
 */
export function emit(graph: Graph, rooms: readonly Room[]): Emission {
  const emitter = new Emitter(graph, rooms);
  const body = emitter.run();
  return {
    imports: emitter.imports,
    pieces: (bundle) => [...emitter.head(bundle), ...body],
  };
}

class Emitter {
  readonly #graph: Graph;
  readonly #rooms: readonly Room[];
  readonly #names: OwnNames;
  readonly #places: Places;
  readonly #values: ValueWriter;
  readonly #pieces: Piece[] = [];
  /** Classes whose static private fields are to be set, in the order in which they are made. */
  readonly #withPrivates: FunctionNode[] = [];
  #setters = 0;

  constructor(graph: Graph, rooms: readonly Room[]) {
    this.#graph = graph;
    this.#rooms = rooms;
    this.#names = chooseNames(writtenFunctions(graph));
    this.#places = new Places(graph, this.#names);
    this.#values = new ValueWriter(graph, this.#places, this.#names);
  }

  get imports(): Places['imports'] {
    return this.#places.imports;
  }

  head(bundle: Piece | undefined): Piece[] {
    const { scatter, functions, values, setters, live, privates, symbols } = this.#names;
    const arrays = [
      `${functions} = []`,
      `${values} = []`,
      `${setters} = []`,
      ...(this.#places.liveCount === 0 ? [] : [`${live} = []`]),
      ...(this.#withPrivates.length === 0 ? [] : [`${privates} = []`]),
      ...(this.#places.symbols.length === 0
        ? []
        : [`${symbols} = [${this.#places.symbols.join(', ')}]`]),
    ];
    const start = `(${scatter}) => {\nvar ${arrays.join(', ')};\n`;
    if (bundle === undefined) return [start];
    return [start, `var ${this.#names.bundle} = `, bundle, ';\n'];
  }

  run(): Piece[] {
    const { early, late, closing } = this.#values.run();
    for (const room of this.#rooms) this.#addRoom(room, undefined);
    const outfits = this.#outfitLines();
    // Strings are joined, because there can be more of them than a call can have arguments.
    this.#addAll(early);
    this.#pieces.push(closing.early.join(''), outfits.early.join(''));
    this.#addAll(late);
    this.#pieces.push(closing.late.join(''), outfits.late.join(''));
    this.#pieces.push(this.#privateLines().join(''));
    for (let index = 0; index < this.#setters; index++) {
      this.#pieces.push(`${this.#names.setters}[${index}]();\n`);
    }
    this.#pieces.push(
      this.#integrityLines().join(''),
      `return ${this.#refText(this.#graph.root)};\n}`,
    );
    return this.#pieces;
  }

  #addAll(pieces: readonly Piece[]): void {
    for (const piece of pieces) this.#pieces.push(piece);
  }

  #addRoom({ script, cells, members, inner, live }: Room, outer: boolean | undefined): void {
    const { isModule } = script;
    const variables = [...cells.values()];
    this.#openScope(isModule && outer === undefined, variables);
    for (const member of members) this.#addMember(member, isModule);
    for (const room of inner.values()) this.#addRoom(room, isModule);
    for (const node of live) {
      this.#pieces.push(`${this.#refText(node)} = () => ${node.name};\n`);
    }
    this.#closeScope(variables);
  }

  #addMember(member: Member, isStrict: boolean): void {
    const { node, ownCells } = member;
    const needsScope = ownCells.length > 0 || node.isStrict !== isStrict;
    if (needsScope) this.#openScope(node.isStrict, ownCells);
    const written = functionPieces(member, this.#places, this.#names);
    this.#pieces.push(`${this.#refText(node)} = `, ...written, ';\n');
    if (needsScope) this.#closeScope(ownCells);
    if (node.privates.length > 0) this.#withPrivates.push(node);
  }

  #openScope(isStrict: boolean, cells: readonly Cell[]): void {
    this.#pieces.push(isStrict ? '(function () { "use strict";\n' : '(function () {\n');
    // `var`, because sloppy code may call a variable `let`.
    const declared = cells.map(({ name, ref }) =>
      isThereFirst(ref) ? `${name} = ${this.#refText(ref)}` : name,
    );
    if (declared.length > 0) this.#pieces.push(`var ${declared.join(', ')};\n`);
  }

  #closeScope(cells: readonly Cell[]): void {
    const later = cells.filter(({ ref }) => !isThereFirst(ref));
    if (later.length > 0) {
      const lines = later.map(({ name, ref }) => `${name} = ${this.#refText(ref)};`);
      const setter = `${this.#names.setters}[${this.#setters++}]`;
      this.#pieces.push(`${setter} = () => { ${lines.join(' ')} };\n`);
    }
    this.#pieces.push('})();\n');
  }

  /** What functions inherit and have on them, and the objects that come with them. */
  #outfitLines(): { early: string[]; late: string[] } {
    const lines = { early: [] as string[], late: [] as string[] };
    for (const node of this.#graph.nodes) {
      if (node.kind !== 'function' && node.kind !== 'part') continue;
      const isMember = node.kind === 'function' && node.member !== undefined;
      const place = this.#refText(node);
      const made = isMember ? [] : outfitClosings(node, node.kind === 'function');
      const written = made.map((close) => `${close(place, this.#places.textOf)};\n`);
      const rename = node.kind === 'function' && !isMember ? this.#renameLines(node) : [];
      (this.#values.isLate(node) ? lines.late : lines.early).push(...rename, ...written);
    }
    return lines;
  }

  #renameLines(node: FunctionNode): string[] {
    if (!node.hasName) return [`delete ${this.#refText(node)}.name;\n`];
    const declared = node.syntax.id?.name;
    if (declared === undefined || declared === node.name || node.name === '') return [];
    const value = stringText(node.name);
    const place = this.#refText(node);
    return [`Object.defineProperty(${place}, "name", { value: ${value}, configurable: true });\n`];
  }

  #privateLines(): string[] {
    return this.#withPrivates.map(({ privates }, index) => {
      const values = privates.map(({ ref }) => this.#refText(ref)).join(', ');
      return `${this.#names.privates}[${index}]([${values}]);\n`;
    });
  }

  #integrityLines(): string[] {
    return this.#graph.nodes.flatMap((node) => {
      const isDressed = node.kind === 'value' || node.kind === 'function' || node.kind === 'part';
      if (!isDressed || !node.integrity) return [];
      return [`Object.${node.integrity}(${this.#refText(node)});\n`];
    });
  }

  #refText(ref: Ref): string {
    return this.#places.textOf(ref) ?? 'void 0';
  }
}

/** Primitives are there before anything is made; the key of a field may need one. */
function isThereFirst(ref: Ref): boolean {
  return typeof ref === 'string' || ref.kind === 'symbol';
}
