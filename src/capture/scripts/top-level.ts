import type { AnyNode } from 'acorn';
import type { Scope, Variable } from 'eslint-scope';
import type { Script } from './script.ts';

/** Whether the variable is declared at the top of its module, which runs once for a script. */
export function isTopLevel(script: Script, variable: Variable): boolean {
  return isTopScope(script, variable.scope);
}

function isTopScope(script: Script, scope: Scope): boolean {
  const block = scope.block as unknown as AnyNode;
  if (block.type === 'Program') return true;
  const { wrapper } = script;
  if (wrapper === undefined) return false;
  // vite-node puts one more block around the module.
  return block === wrapper || script.parents.get(block) === wrapper.body;
}
