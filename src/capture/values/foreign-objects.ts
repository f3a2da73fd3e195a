import { types } from 'node:util';
import type { AnyFunction } from '../../model/function-type.ts';
import { AS_CAPABILITY, CREATE_INSIDE } from '../refusal/fixes.ts';
import { refuse } from '../refusal/refusal.ts';
import { subjectOf, type Trail } from '../refusal/trail.ts';
import type { FunctionReader } from '../scripts/functions.ts';
import type { KnownObjects } from './known.ts';
import { textOfFunction } from './live-function.ts';
import { constructorOf, prototypesOf } from './prototypes.ts';
import { refusePrivate } from './unfit-objects.ts';

// Naming a subject reads the whole trail, so it is done only to refuse.

/** @throws Refusal for a Proxy, and for what only this program has */
export function checkForeign(value: object, known: KnownObjects, trail: Trail): void {
  if (types.isProxy(value)) {
    const problem = `${subjectOf(trail)} is a Proxy, which cannot be looked into`;
    refuse(problem, 'capture its target, or pass it as a capability', trail);
  }
  const foreign = known.foreignName(value);
  if (foreign === undefined) return;
  const subject = subjectOf(trail);
  const alias = subject === `\`${foreign.name}\`` ? subject : `${subject} (\`${foreign.name}\`)`;
  refuse(`${alias} ${foreign.what}`, AS_CAPABILITY, trail);
}

/**
 * An instance is rebuilt from its fields.
 *
 * @throws Refusal for one with private members, and for one of a class that only this program has
 */
export function checkInstance(
  value: object,
  known: KnownObjects,
  reader: FunctionReader,
  trail: Trail,
): void {
  let mayHavePrivates = false;
  for (const maker of makersOf(value)) {
    const foreign = known.foreignName(maker);
    if (foreign !== undefined) {
      const problem = `${subjectOf(trail)} is an instance of \`${foreign.name}\`, which ${foreign.what}`;
      refuse(problem, CREATE_INSIDE, trail);
    }
    // Asking V8 for each object is slow.
    mayHavePrivates ||= textOfFunction(maker).includes('#');
  }
  if (!mayHavePrivates) return;
  const names = reader.privateMembers(value).map(({ name }) => name);
  if (names.length > 0) refusePrivate(value, names, trail);
}

/** Iterators, formatters and stacks of resources: what they are is inside, where nobody can look. @throws Refusal */
export function checkInside(value: object, known: KnownObjects, trail: Trail): void {
  for (const prototype of prototypesOf(value)) {
    const text = known.guestExpression(prototype) ?? '';
    const [, sealed] = /^(Intl\.\w+|\w*DisposableStack)\.prototype$/.exec(text) ?? [];
    const kind = sealed ?? (text.startsWith('Object.getPrototypeOf(') ? 'iterator' : undefined);
    if (kind === undefined) continue;
    const problem = `${subjectOf(trail)} is ${kind.startsWith('D') ? 'a' : 'an'} ${kind}, whose state cannot be read`;
    refuse(problem, CREATE_INSIDE, trail);
  }
}

function makersOf(value: object): AnyFunction[] {
  return [...prototypesOf(value)].flatMap((prototype) => constructorOf(prototype) ?? []);
}
