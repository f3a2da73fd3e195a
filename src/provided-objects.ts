import { membersOf } from './capability-member.ts';
import { MAX_CAPABILITY_PATH } from './codec/capability-path.ts';
import type { Capability } from './model/capability.ts';

/** A capability, or a member of one, that an object of this program stands for. */
export interface ProvidedObject {
  readonly capability: string;
  readonly path: readonly string[];
}

// Capture meets the objects themselves, in whichever instance it happens: the last one that was
// provided under a name is first. One object may be provided under several names.
const objects = new WeakMap<object, Map<string, ProvidedObject>>();

/** From now on, functions that capture the object or a function in it are linked to the capability. */
export function rememberProvided({ name, implementation, methods }: Capability): void {
  // What a factory makes is another object for each call; nobody can capture it.
  if (typeof implementation === 'function') return;
  const seen = new Set<object>();
  const remember = (object: object, path: readonly string[]): void => {
    if (seen.has(object) || path.length > MAX_CAPABILITY_PATH) return;
    seen.add(object);
    const known = objects.get(object) ?? new Map();
    known.delete(name);
    objects.set(object, known.set(name, { capability: name, path }));
    if (methods !== undefined) return;
    for (const [key, member] of membersOf(object)) remember(member, [...path, key]);
  };
  remember(implementation, []);
}

/**
 * What `object` stands for, if it was provided; `preferred`: names that go before others which it
 * was provided under.
 */
export function providedObject(
  object: object,
  preferred: readonly string[],
): ProvidedObject | undefined {
  const known = objects.get(object);
  if (known === undefined) return undefined;
  const name = preferred.find((one) => known.has(one)) ?? [...known.keys()].at(-1) ?? '';
  return known.get(name);
}
