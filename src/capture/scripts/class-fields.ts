import type { AnyNode } from 'acorn';
import type { AnyFunction } from '../../model/function-type.ts';
import { type FreeName, freeNamesWithin } from '../names/free-names.ts';
import { refuse } from '../refusal/refusal.ts';
import { subjectOf } from '../refusal/trail.ts';
import type { FunctionNode } from '../walk/graph.ts';
import type { FunctionReader, OpenFunction } from './functions.ts';
import type { PrivateMember } from './inspected.ts';
import { isClassSyntax } from './syntax.ts';

/** The static private fields of a class, whose values are set from outside. */
export function staticPrivates(
  fn: AnyFunction,
  { syntax, plan }: OpenFunction,
  reader: FunctionReader,
): PrivateMember[] {
  if (!isClassSyntax(syntax)) return [];
  const names = syntax.body.body.flatMap((element) => {
    const isField = element.type === 'PropertyDefinition' && element.static;
    if (!isField || element.key.type !== 'PrivateIdentifier') return [];
    const name = `#${element.key.name}`;
    return plan?.linked.includes(name) ? [] : [name];
  });
  if (names.length === 0) return [];
  const values = new Map(reader.privateMembers(fn).map(({ name, value }) => [name, value]));
  return names.map((name) => ({ name, value: values.get(name) }));
}

/** A key that is computed with the class must be there before any object is. @throws Refusal */
export function checkFieldKeys(
  { script, bindings, trail }: FunctionNode,
  keys: readonly AnyNode[],
): void {
  const names = keys.flatMap((key) => freeNamesWithin(script, key)).map(({ name }) => name);
  const used = bindings.filter(({ free }) => names.includes(free.name));
  const changed = used.find(({ free }) => isAssignedAgain(free));
  if (changed !== undefined) {
    const problem = `${subjectOf(trail)} has a field whose key is \`${changed.free.name}\`, which may have been another then`;
    refuse(problem, 'give the key a const of its own', trail);
  }
  const late = used.find(({ ref }) => typeof ref !== 'string' && ref.kind !== 'symbol');
  if (late === undefined) return;
  const problem = `${subjectOf(trail)} has a field whose key is \`${late.free.name}\`, which is no string, number or symbol`;
  refuse(problem, 'set the field in the constructor', trail);
}

function isAssignedAgain({ variable }: FreeName): boolean {
  return variable?.references.some((one) => one.isWrite() && !one.init) === true;
}
