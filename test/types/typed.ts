/** Whether two types are the same one. */
export type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only for `true`. */
export function holds<_T extends true>(): void {
  return undefined;
}

/** A value of a type, for code that is only compiled. */
export function some<T>(): T {
  throw new Error('this is compiled, and never run');
}
