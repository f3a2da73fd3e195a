import { refuse } from '../refusal/refusal.ts';
import type { InitialiserNode, SetUpNode } from '../walk/graph.ts';
import type { Piece } from './piece.ts';
import type { Places } from './places.ts';

/**
 * An expression that runs an initialiser as its author wrote it, in reach of the variables it uses.
 *
 * @throws Refusal where it needs what needs it
 */
export function emitInitialiser(node: InitialiserNode, places: Places): Piece[] {
  const { script, syntax, name } = node;
  const text = script.source.slice(syntax.start, syntax.end);
  const written = { script, start: syntax.start, text };
  if (name === undefined) {
    return inScope(node, node.trail.text, places, ['return (', written, '); ']);
  }
  return inScope(node, name, places, [
    'return (function () { const ',
    written,
    `; return ${name}; })(); `,
  ]);
}

/** A statement that changes a package, in reach of the variables it uses. @throws Refusal */
export function emitSetUp(node: SetUpNode, places: Places): Piece[] {
  const { script, syntax, trail } = node;
  const text = script.source.slice(syntax.start, syntax.end);
  return inScope(node, trail.text, places, [{ script, start: syntax.start, text }, '; ']);
}

function inScope(
  { bindings, isStrict, trail }: InitialiserNode | SetUpNode,
  name: string,
  places: Places,
  body: readonly Piece[],
): Piece[] {
  const cells = bindings.map(({ free, ref }) => {
    const text = places.textOf(ref);
    if (text === undefined) {
      const problem = `\`${name}\` and \`${free.name}\` are each made from the other`;
      refuse(problem, 'create the one inside the function', trail);
    }
    return `${free.name} = ${text}`;
  });
  const variables = cells.length === 0 ? '' : `var ${cells.join(', ')}; `;
  return [`(function () { ${isStrict ? '"use strict"; ' : ''}${variables}`, ...body, '})()'];
}
