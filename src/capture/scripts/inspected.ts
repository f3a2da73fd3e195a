/** What V8 tells of functions, scripts and objects. */

/** What V8 knows about a live function. */
export interface InspectedFunction {
  /** Undefined for a function without source of its own: native or bound. */
  readonly location: ScriptLocation | undefined;
  /** Innermost first; the last one is the global object. */
  readonly scopes: readonly LiveScope[];
  readonly isBound: boolean;
}

/** Counted from 0, as V8 does. */
export interface ScriptLocation {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** A copy of one scope's variables. Reading a variable in its dead zone throws; `in` is safe. */
export interface LiveScope {
  /** `Global`, `Script`, `Module`, `Closure`, `Block`, `Catch`, `With`, `Eval` or `Local`. */
  readonly kind: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The text V8 compiled, and what it says about it. */
export interface ScriptText {
  readonly id: string;
  readonly url: string;
  readonly isModule: boolean;
  /** Where V8 says that the first character stands; a loader may have told it another place. */
  readonly start: { readonly line: number; readonly column: number };
  readonly source: string;
}

/** A private member of a class or an instance; methods and accessors have no value. */
export interface PrivateMember {
  /** With its `#`. */
  readonly name: string;
  readonly value: unknown;
}
