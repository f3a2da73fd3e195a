import type { AnyNode, Identifier } from 'acorn';
import { FETCH_GLOBALS } from '../../model/fetch-capability.ts';
import type { Script } from '../scripts/script.ts';
import type { FreeName } from './free-names.ts';

/**
 * Whether a use of a global needs the capability `fetch`: `fetch(…)` and `new globalThis.Headers()` do,
 * `typeof fetch` does not.
 */
export function needsFetch(script: Script, { name, uses }: FreeName): boolean {
  if (name === 'globalThis') return uses.some((use) => isCalledMember(script, use));
  return FETCH_GLOBALS.includes(name) && !uses.every((use) => isTested(script.parents.get(use)));
}

function isTested(parent: AnyNode | undefined): boolean {
  return parent?.type === 'UnaryExpression' && parent.operator === 'typeof';
}

function isCalledMember(script: Script, use: Identifier): boolean {
  const member = script.parents.get(use);
  if (member?.type !== 'MemberExpression' || member.object !== use || member.computed) return false;
  const call = script.parents.get(member);
  if (call?.type !== 'CallExpression' && call?.type !== 'NewExpression') return false;
  const { property } = member;
  return (
    call.callee === member &&
    property.type === 'Identifier' &&
    FETCH_GLOBALS.includes(property.name)
  );
}
