import type { InitialiserNode } from './graph.ts';
import type { Piece } from './pieces.ts';
import type { Places } from './places.ts';
import { refuse } from './refusal.ts';

/**
 * An expression that runs an initialiser as its author wrote it, in reach of the variables it uses.
 *
 * @throws Refusal where it needs what needs it
 */
export function emitInitialiser(node: InitialiserNode, places: Places): Piece[] {
  const { script, syntax, bindings, isStrict, name, trail } = node;
  const cells = bindings.map(({ free, ref }) => {
    const text = places.textOf(ref);
    if (text === undefined) {
      const problem = `\`${name}\` and \`${free.name}\` are each made from the other`;
      refuse(problem, 'create the one inside the function', trail);
    }
    return `${free.name} = ${text}`;
  });
  const variables = cells.length === 0 ? '' : `var ${cells.join(', ')}; `;
  const text = script.source.slice(syntax.start, syntax.end);
  return [
    `(function () { ${isStrict ? '"use strict"; ' : ''}${variables}return (function () { const `,
    { script, start: syntax.start, text },
    `; return ${name}; })(); })()`,
  ];
}
