import type { AnyNode, Identifier } from 'acorn';
import type { Variable } from 'eslint-scope';
import type { Script } from '../scripts/script.ts';
import { isRepeatable } from './initialisers.ts';

/**
 * The statements at the top of a module that change what it imported before anybody uses it, such as
 * `dayjs.extend(utc)` or `axios.defaults.timeout = 500`: their expressions, in order.
 */
export function setUpsOf(script: Script, variable: Variable): AnyNode[] {
  const found = variable.references.flatMap(({ identifier }) => {
    const expression = changeFrom(script, identifier as unknown as Identifier);
    const statement = expression && script.parents.get(expression);
    const isAtTop =
      statement?.type === 'ExpressionStatement' &&
      isTopBlock(script, script.parents.get(statement));
    return expression !== undefined && isAtTop ? [expression] : [];
  });
  return [...new Set(found)].sort((one, other) => one.start - other.start);
}

/** Whether it can run again where the function runs. */
export function isRepeatableSetUp(script: Script, expression: AnyNode): boolean {
  if (expression.type !== 'AssignmentExpression') return isRepeatable(script, expression);
  return expression.operator === '=' && isRepeatable(script, expression.right);
}

/** A call of a member of the name, or an assignment to one. */
function changeFrom(script: Script, use: AnyNode): AnyNode | undefined {
  let node = use;
  let hasMember = false;
  for (;;) {
    const around = script.parents.get(node);
    if (around?.type === 'MemberExpression' && around.object === node) {
      hasMember = true;
      node = around;
    } else if (around?.type === 'CallExpression' && around.callee === node && hasMember) {
      node = around;
    } else {
      const isAssigned = around?.type === 'AssignmentExpression' && around.left === node;
      const change = isAssigned ? around : node;
      return hasMember && (isAssigned || node.type === 'CallExpression') ? change : undefined;
    }
  }
}

function isTopBlock(script: Script, block: AnyNode | undefined): boolean {
  if (block === undefined || block.type === 'Program') return block !== undefined;
  const { wrapper } = script;
  return (
    wrapper !== undefined && (block === wrapper.body || script.parents.get(block) === wrapper.body)
  );
}
