/** Any function; the constraint under which parameter and result types are inferred. */
export type AnyFunction = (...args: never[]) => unknown;

/** What is known of a function that was got by name without saying its type. */
export type UntypedFunction = (...args: unknown[]) => unknown;
