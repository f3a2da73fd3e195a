import type { AnyFunction } from '../model/function-type.ts';
import type { Property } from './graph.ts';
import { ownProperties } from './objects.ts';
import { refuse } from './refusal.ts';
import { subjectOf, type Trail } from './trail.ts';

/** What every function has of itself once it is rebuilt; sloppy ones have the last two as well. */
const IMPLICIT = ['length', 'name', 'prototype', 'arguments', 'caller'];

/** The properties that the author gave to a function. */
export function functionProperties(fn: AnyFunction, trail: Trail): Property<unknown>[] {
  const prototype: unknown = Object.getOwnPropertyDescriptor(fn, 'prototype')?.value;
  if (typeof prototype === 'object' && prototype !== null) {
    const added = Reflect.ownKeys(prototype).filter((key) => key !== 'constructor');
    if (added.length > 0) {
      const problem = `${subjectOf(trail)} is a constructor with the method \`${String(added[0])}\`; classes are not supported yet`;
      refuse(problem, 'use functions and plain objects, or pass it as a capability', trail);
    }
  }
  return ownProperties(fn, trail, IMPLICIT);
}
