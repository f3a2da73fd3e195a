import type { Scope } from 'eslint-scope';
import type { Node as ScopeNode } from 'estree';
import type { FunctionReader } from '../scripts/functions.ts';
import type { Script } from '../scripts/script.ts';
import {
  type Binding,
  type FunctionNode,
  type Graph,
  type LiveNode,
  type Ref,
  writtenFunctions,
} from '../walk/graph.ts';
import { ScopeInstances } from './scope-instances.ts';
import { findShared, type SharedVariables } from './sharing.ts';

/** Functions around the variables they share: the top level of a script, or a scope inside. */
export interface Room {
  readonly script: Script;
  readonly cells: Map<string, Cell>;
  readonly members: Member[];
  /** Scopes inside this one, by which run of which scope they are. */
  readonly inner: Map<string, Room>;
  /** Its variables that functions of other scripts read. */
  readonly live: LiveNode[];
}

/** One variable of the artifact. */
export interface Cell {
  readonly name: string;
  readonly ref: Ref;
}

export interface Member {
  readonly node: FunctionNode;
  /** Variables that no other captured function uses, or that none of them writes. */
  readonly ownCells: readonly Cell[];
  /** Whether the name in a declaration must make way for the variable of that name. */
  readonly hidesName: boolean;
}

/**
 * Gives every captured variable its place, so that one variable stays one.
 *
 * @throws Refusal where two functions may or may not share a variable
 */
export function arrangeRooms(graph: Graph, reader: FunctionReader): readonly Room[] {
  const functions = writtenFunctions(graph);
  const instances = new ScopeInstances(functions);
  const shared = findShared(graph, functions, instances, reader);
  const written = writtenDeclarations(functions);
  const rooms: Room[] = [];
  for (const node of functions) {
    const atTop = node.bindings.filter((binding) => binding.isTopLevel);
    const top = findRoom(rooms, node, atTop) ?? addRoom(rooms, node);
    for (const binding of atTop) putCell(top, binding);
    top.live.push(...shared.live.filter(({ writer }) => writer === node));
    const ownCells: Cell[] = [];
    const path = enterScopes(top, node, shared, instances);
    for (const binding of node.bindings) {
      if (binding.isTopLevel) continue;
      const scope = binding.free.variable?.scope;
      const room = shared.has(node, binding) && scope !== undefined ? path.get(scope) : undefined;
      if (room !== undefined) putCell(room, binding);
      else ownCells.push({ name: binding.free.name, ref: binding.ref });
    }
    const innermost = [...path.values()].at(-1) ?? top;
    innermost.members.push({ node, ownCells, hidesName: hidesName(node, written) });
  }
  return rooms;
}

/** The rooms of the scopes around a function that have shared variables, from the outside in. */
function enterScopes(
  top: Room,
  node: FunctionNode,
  shared: SharedVariables,
  instances: ScopeInstances,
): ReadonlyMap<Scope, Room> {
  const path = new Map<Scope, Room>();
  let room = top;
  for (const scope of scopesAround(node).toReversed()) {
    const key = instances.of(node, scope);
    if (!shared.scopes.has(key)) continue;
    const inner = room.inner.get(key) ?? emptyRoom(node.script);
    room.inner.set(key, inner);
    path.set(scope, inner);
    room = inner;
  }
  return path;
}

function scopesAround({ script, syntax }: FunctionNode): Scope[] {
  const scopes: Scope[] = [];
  let scope = script.scopes.acquire(syntax as unknown as ScopeNode)?.upper;
  for (; scope; scope = scope.upper) scopes.push(scope);
  return scopes;
}

function putCell({ cells }: Room, { free, ref }: Binding): void {
  cells.set(free.name, { name: free.name, ref });
}

function writtenDeclarations(functions: readonly FunctionNode[]): ReadonlySet<string> {
  const bindings = functions.flatMap((node) => node.bindings);
  return new Set(
    bindings.filter(({ free }) => free.isWritten).map(({ declaration }) => declaration),
  );
}

/** A script that ran twice has two top levels; a variable with two values tells them apart. */
function findRoom(
  rooms: readonly Room[],
  node: FunctionNode,
  shared: readonly Binding[],
): Room | undefined {
  return rooms.find(
    ({ script, cells }) =>
      script.id === node.script.id &&
      shared.every(({ free, ref }) => (cells.get(free.name) ?? { ref }).ref === ref),
  );
}

function addRoom(rooms: Room[], node: FunctionNode): Room {
  const room = emptyRoom(node.script);
  rooms.push(room);
  return room;
}

function emptyRoom(script: Script): Room {
  return { script, cells: new Map(), members: [], inner: new Map(), live: [] };
}

/**
 * Declarations are emitted as expressions, and inside a function expression its name means the
 * function for good. That is only right while the variable holds this function.
 */
function hidesName(node: FunctionNode, written: ReadonlySet<string>): boolean {
  if (node.syntax.type !== 'FunctionDeclaration') return false;
  const own = node.bindings.find(({ free }) => free.name === node.syntax.id?.name);
  return own !== undefined && (own.ref !== node || written.has(own.declaration));
}
