import type { AnyNode } from 'acorn';
import { type FunctionSyntax, isFunctionSyntax } from './syntax.ts';

/**
 * The function that a loader such as vite's puts around a whole module; it is called once. Undefined
 * for a script that is as its author or Node's own loader has it.
 */
export function findWrapper(program: AnyNode & { type: 'Program' }): FunctionSyntax | undefined {
  const last = program.body.at(-1);
  if (last?.type !== 'ExpressionStatement') return undefined;
  const { expression } = last;
  const isCalled = expression.type === 'CallExpression' && expression.arguments.length === 0;
  const candidate = isCalled ? expression.callee : expression;
  if (!isFunctionSyntax(candidate)) return undefined;
  // What a module declares is nearly all of it then; a source map behind it does not count.
  const whole = last.end - (program.body[0]?.start ?? 0);
  return (candidate.end - candidate.start) / whole > 0.8 ? candidate : undefined;
}
