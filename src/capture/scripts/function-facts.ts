import type { Trail } from '../refusal/trail.ts';
import type { Script } from './script.ts';
import type { FunctionSyntax } from './syntax.ts';

/** Where a function stands in its script, and how it was met. */
export interface FunctionFacts {
  readonly name: string;
  readonly script: Script;
  readonly syntax: FunctionSyntax;
  /** Offset where the text begins that V8 gives; a method's name is before its syntax node. */
  readonly textStart: number;
  readonly isStrict: boolean;
  readonly trail: Trail;
}
