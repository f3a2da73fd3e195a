import { types } from 'node:util';
import type { CapturedValue } from '../../model/artifact.ts';
import type { AnyFunction } from '../../model/function-type.ts';
import { brandOf, classNameOf, isPrototypeOfClass } from '../values/brand.ts';
import { textOfFunction } from '../values/live-function.ts';
import type { Graph } from './graph.ts';

/** The variables whose values are in the code, for people to check before they push. */
export function describeCaptured({ captured }: Graph): CapturedValue[] {
  return captured
    .filter(({ tally }) => tally.bytes > 0)
    .map(({ name, usedBy, value, isMadeAnew, tally }) => {
      const kind = isMadeAnew ? 'initialiser' : kindOf(value);
      return { name, usedBy, kind, bytes: tally.bytes };
    });
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'function') {
    return /^class\b/.test(textOfFunction(value as AnyFunction)) ? 'class' : 'function';
  }
  if (typeof value !== 'object') return typeof value;
  if (types.isModuleNamespaceObject(value)) return 'module';
  const brand = brandOf(value) ?? 'object';
  const prototype: object | null = Object.getPrototypeOf(value);
  const isPlain = prototype === null || isPrototypeOfClass(brand, prototype);
  if (!isPlain) return `instance of ${classNameOf(value)}`;
  return brand === 'Object' ? 'object' : brand;
}
