import { type AnyNode, type Program, parse } from 'acorn';
import { analyze, type ScopeManager } from 'eslint-scope';
import type { Program as ScopeProgram } from 'estree';
import type { ScriptText } from './inspected.ts';
import { LineIndex } from './line-index.ts';
import { fileOfUrl, type SourceFile } from './source-file.ts';
import { childrenOf, type FunctionSyntax, isFunctionSyntax } from './syntax.ts';
import { findWrapper } from './wrapper.ts';

/** One text that V8 compiled, taken apart. */
export interface Script {
  readonly id: string;
  readonly isModule: boolean;
  readonly source: string;
  /** See `ScriptText.start`. */
  readonly start: { readonly line: number; readonly column: number };
  readonly lines: LineIndex;
  /** Undefined for code that came from no file, such as `new Function`. */
  readonly file: SourceFile | undefined;
  readonly program: Program;
  readonly functions: readonly FunctionSyntax[];
  readonly parents: ReadonlyMap<AnyNode, AnyNode>;
  readonly scopes: ScopeManager;
  /** The function that a loader put around the whole module. */
  readonly wrapper: FunctionSyntax | undefined;
}

/** @throws SyntaxError where the parser does not know the syntax that V8 knew */
export function parseScript(text: ScriptText): Script {
  const { id, isModule, source } = text;
  const program = parse(source, {
    ecmaVersion: 'latest',
    ranges: true,
    sourceType: isModule ? 'module' : 'script',
    allowHashBang: true,
    allowReturnOutsideFunction: true,
    checkPrivateFields: false,
  });
  return {
    id,
    isModule,
    source,
    start: text.start,
    lines: new LineIndex(source),
    file: fileOfUrl(text.url),
    program,
    scopes: analyzeScopes(program, isModule),
    wrapper: isModule || text.url === '' ? undefined : findWrapper(program),
    ...indexNodes(program),
  };
}

function analyzeScopes(program: Program, isModule: boolean): ScopeManager {
  // Both libraries follow the ESTree standard; only their declarations of it differ.
  return analyze(program as unknown as ScopeProgram, {
    ecmaVersion: 2025,
    // In CommonJS the outermost declarations are variables of a function, not of the global object.
    sourceType: isModule ? 'module' : 'commonjs',
    ignoreEval: true,
  });
}

function indexNodes(program: Program): Pick<Script, 'functions' | 'parents'> {
  const functions: FunctionSyntax[] = [];
  const parents = new Map<AnyNode, AnyNode>();
  const open: AnyNode[] = [program];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (isFunctionSyntax(node)) functions.push(node);
    for (const { child } of childrenOf(node)) {
      parents.set(child, node);
      open.push(child);
    }
  }
  return { functions, parents };
}
