import type { Message } from 'esbuild';
import { AS_CAPABILITY } from '../refusal/fixes.ts';
import { importOfInput } from './bundle-entry.ts';
import { BundleProblem } from './bundle-problem.ts';
import { CompilerEnded } from './compiler.ts';
import type { PackageImport } from './package-import.ts';
import { shownInput } from './shown-input.ts';

const UNRESOLVED = /^Could not resolve "(.*)"/;
const NATIVE = /^No loader is configured for "\.(?:node|wasm)" files: (.*)$/;

/** What esbuild's failure means; anything else that was thrown stays what it is. */
export function bundleFailure(
  error: unknown,
  imports: readonly PackageImport[],
  folder: string,
): unknown {
  if (error instanceof CompilerEnded) {
    const fix = 'try again; if it happens again, pass a function for the package as a capability';
    const fields = { fix, file: '', packageName: undefined, cause: error };
    return new BundleProblem('unfit', `the packages cannot be bundled: ${error.message}`, fields);
  }
  const [first] = messagesOf(error);
  if (first === undefined) return error;
  const name = first.location?.file ?? '';
  const own = importOfInput(imports, name);
  const { file, packageName } = shownInput(own?.from ?? name, folder);
  const fields = { file, packageName, cause: error };
  const [, specifier] = UNRESOLVED.exec(first.text) ?? [];
  if (specifier !== undefined) {
    const problem = `\`${specifier}\`, which \`${file}\` imports, is not found`;
    const fix = 'install the package, or correct the import';
    return new BundleProblem('unresolved', problem, { ...fields, fix, specifier });
  }
  const [, native] = NATIVE.exec(first.text) ?? [];
  if (native !== undefined) {
    const there = shownInput(native, folder);
    const problem = `\`${there.file}\` is machine code or WebAssembly, which an isolate does not run`;
    return new BundleProblem('native', problem, { ...fields, ...there, fix: AS_CAPABILITY });
  }
  const place = first.location === null || own ? '' : `${file}:${first.location.line}: `;
  return new BundleProblem('unfit', `it cannot be bundled: ${place}${first.text}`, {
    ...fields,
    fix: 'use another version of the package, or pass a function for it as a capability',
  });
}

function messagesOf(error: unknown): readonly Message[] {
  return error instanceof Error && 'errors' in error ? (error.errors as Message[]) : [];
}
