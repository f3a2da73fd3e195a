import type { AnyFunction } from '../../model/function-type.ts';

// A function may have a `name` or a `toString` of its own, and those may not run.

/** Empty for a function without a name, and where the name is computed. */
export function nameOfFunction(fn: AnyFunction): string {
  const name: unknown = Object.getOwnPropertyDescriptor(fn, 'name')?.value;
  return typeof name === 'string' ? name : '';
}

/** The source text of a function or class. */
export function textOfFunction(fn: AnyFunction): string {
  return Function.prototype.toString.call(fn);
}

/** Whether the text of a function is that of a built-in, native or bound one, which have no source. */
export function isNativeText(text: string): boolean {
  return /\{\s*\[native code\]\s*\}$/.test(text);
}
