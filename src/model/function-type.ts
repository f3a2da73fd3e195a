/** Any function; the constraint under which parameter and result types are inferred. */
export type AnyFunction = (...args: never[]) => unknown;
