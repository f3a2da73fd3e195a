import { dirname } from 'node:path';
import type { Plugin } from 'esbuild';
import type { PackageImport } from './package-import.ts';

const NAMESPACE = 'scatter';
// The ending makes esbuild read CommonJS modules as Node does.
const IMPORTER = /^scatter:imports-(\d+)\.mjs$/;
const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** The module that esbuild begins with; it gives on what the plugin's modules import. */
export function entryText(imports: readonly PackageImport[]): {
  contents: string;
  sourcefile: string;
} {
  const lines = imports.map(({ id }, index) => {
    return `export { ${id} } from "${NAMESPACE}:imports-${index}.mjs";\n`;
  });
  return { contents: lines.join(''), sourcefile: `${NAMESPACE}:imports.mjs` };
}

/** Whether this input is one of ours, which stands in no file. */
export function isOurInput(name: string): boolean {
  return name.startsWith(`${NAMESPACE}:`);
}

/** Which import one of our modules makes. */
export function importOfInput(
  imports: readonly PackageImport[],
  name: string,
): PackageImport | undefined {
  return imports[Number(IMPORTER.exec(name)?.[1])];
}

/** A module for each import, from which packages are found as they are from the importing file. */
export function entryPlugin(imports: readonly PackageImport[]): Plugin {
  return {
    name: 'scatter-imports',
    setup(build) {
      build.onResolve({ filter: IMPORTER }, ({ path }) => ({
        path: path.slice(NAMESPACE.length + 1),
        namespace: NAMESPACE,
      }));
      build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => {
        const wanted = importOfInput(imports, `${NAMESPACE}:${path}`);
        if (wanted === undefined) return undefined;
        return { contents: importText(wanted), resolveDir: dirname(wanted.from) };
      });
    },
  };
}

function importText({ id, imported, kind, specifier, path = [] }: PackageImport): string {
  const module = JSON.stringify(specifier);
  const keys = path.map((key) => `[${JSON.stringify(key)}]`).join('');
  if (kind === 'require') {
    const member = imported === '*' ? '' : `[${JSON.stringify(imported)}]`;
    return `export const ${id} = require(${module})${member}${keys};\n`;
  }
  const whole = imported === '*' ? '* as whole' : `{ ${exportName(imported)} as whole }`;
  if (keys !== '') return `import ${whole} from ${module};\nexport const ${id} = whole${keys};\n`;
  if (imported === '*') return `import * as ${id} from ${module};\nexport { ${id} };\n`;
  return `export { ${exportName(imported)} as ${id} } from ${module};\n`;
}

function exportName(name: string): string {
  return IDENTIFIER.test(name) ? name : JSON.stringify(name);
}
