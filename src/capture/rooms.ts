import type { Binding, FunctionNode, Graph, Ref } from './graph.ts';
import type { Script } from './script.ts';
import { checkSharing } from './sharing.ts';

/** The captured part of one script's top level: functions around the variables they share. */
export interface Room {
  readonly script: Script;
  readonly cells: Map<string, Cell>;
  readonly members: Member[];
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
 * @throws ScatterError `CAPTURE_UNSUPPORTED` where two functions may or may not share a variable
 */
export function arrangeRooms(graph: Graph): readonly Room[] {
  const functions = graph.nodes.filter((node) => node.kind === 'function');
  checkSharing(graph, functions);
  const written = writtenDeclarations(functions);
  const rooms: Room[] = [];
  for (const node of functions) {
    const shared = node.bindings.filter((binding) => binding.isTopLevel);
    const room = findRoom(rooms, node, shared) ?? addRoom(rooms, node);
    for (const { free, ref } of shared) room.cells.set(free.name, { name: free.name, ref });
    const ownCells = node.bindings
      .filter((binding) => !binding.isTopLevel)
      .map(({ free, ref }) => ({ name: free.name, ref }));
    room.members.push({ node, ownCells, hidesName: hidesName(node, written) });
  }
  return rooms;
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
  const room: Room = { script: node.script, cells: new Map(), members: [] };
  rooms.push(room);
  return room;
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
