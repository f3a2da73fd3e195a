import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';
import { builtinPlugin } from './builtin-plugin.ts';
import { entryPlugin, entryText, importOfInput, isOurInput } from './bundle-entry.ts';
import { bundleFailure } from './bundle-failure.ts';
import { BundleProblem } from './bundle-problem.ts';
import { type Compiled, compile } from './compiler.ts';
import type { Bundle, PackageImport } from './package-import.ts';
import { shownInput } from './shown-input.ts';

const OBJECT = '$bundle';

/** One run of esbuild. @throws BundleProblem */
export async function buildBundle(
  imports: readonly PackageImport[],
  environment: string,
): Promise<Bundle & { inputs: readonly string[] }> {
  const folder = packageFolder(imports[0]?.from ?? process.cwd());
  const built = await run(imports, { folder, environment });
  checkExternals(built, imports, folder);
  const names = Object.keys(built.metafile.inputs).filter((name) => !isOurInput(name));
  const inputs = names.map((name) => resolve(folder, name));
  return { ...readOutput(built, names, folder), inputs };
}

/** The folder of the nearest package.json; names in the output are relative to it. */
function packageFolder(file: string): string {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json')) || folder === dirname(folder)) return folder;
  }
}

async function run(
  imports: readonly PackageImport[],
  { folder, environment }: { folder: string; environment: string },
): Promise<Compiled> {
  const plugins: Plugin[] = [entryPlugin(imports), builtinPlugin()];
  try {
    return await compile({
      ...buildOptions(folder, environment),
      stdin: entryText(imports),
      plugins,
    });
  } catch (error) {
    throw bundleFailure(error, imports, folder);
  }
}

function buildOptions(folder: string, environment: string) {
  return {
    absWorkingDir: folder,
    outfile: join(folder, 'bundle.js'),
    write: false,
    metafile: true,
    bundle: true,
    format: 'iife',
    globalName: OBJECT,
    platform: 'node',
    target: 'esnext',
    charset: 'utf8',
    // As Node: no field or condition of bundlers, no paths of a tsconfig, no guessed endings but its own.
    mainFields: ['main'],
    conditions: [],
    tsconfigRaw: '{}',
    resolveExtensions: ['.js', '.json', '.node'],
    treeShaking: true,
    legalComments: 'none',
    sourcemap: 'external',
    sourcesContent: false,
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': JSON.stringify(environment), global: 'globalThis' },
  } as const satisfies BuildOptions;
}

/** @throws BundleProblem for a module of Node that is still imported when all unused code is gone */
function checkExternals(
  { metafile }: Compiled,
  imports: readonly PackageImport[],
  folder: string,
): void {
  const [output] = Object.values(metafile.outputs).filter(({ entryPoint }) => entryPoint);
  const left = output?.imports.find(({ external }) => external)?.path;
  if (output === undefined || left === undefined) return;
  const used = Object.entries(metafile.inputs).filter(([name]) => {
    return (output.inputs[name]?.bytesInOutput ?? 0) > 0;
  });
  const importer = used.find(([, { imports: all }]) =>
    all.some(({ external, path }) => external && path === left),
  );
  const name = importer?.[0] ?? '';
  const { file, packageName } = shownInput(importOfInput(imports, name)?.from ?? name, folder);
  const problem = `\`${file}\`${ofPackage(packageName)} imports \`${left}\`, a Node built-in`;
  throw new BundleProblem('built-in', `${problem}; the isolate has no Node API`, {
    fix: 'use a package that works without Node, or pass a function for it as a capability',
    file,
    packageName,
    specifier: left,
  });
}

function ofPackage(name: string | undefined): string {
  return name === undefined ? '' : ` of the npm package \`${name}\``;
}

/** The output as an expression, with the names of its inputs as they are on every machine. */
function readOutput({ outputFiles }: Compiled, names: readonly string[], folder: string): Bundle {
  const text = (end: string): string =>
    outputFiles.find(({ path }) => path.endsWith(end))?.text ?? '';
  const shown = new Map(names.map((name) => [name, shownInput(name, folder).file]));
  const code = `(() => {\n${renamed(text('.js'), shown)}return ${OBJECT};\n})()`;
  const { sources, mappings } = JSON.parse(text('.map')) as { sources: string[]; mappings: string };
  const map = {
    version: 3,
    sources: sources.map((source) => shownInput(source, folder).file),
    names: [],
    // One line stands before.
    mappings: `;${mappings}`,
  };
  return { code, map: JSON.stringify(map) };
}

// esbuild names each file in a comment of its own line, and in the key of a CommonJS module, behind
// which the line holds nothing of the file: no place that the map knows is moved.
function renamed(code: string, shown: ReadonlyMap<string, string>): string {
  return code
    .replace(/^( *\/\/ )(.+)$/gm, (line, start, name) => replaced(line, start, shown.get(name)))
    .replace(/^( *")([^"\n]+)("\(.*\) \{)$/gm, (line, start, name, end) =>
      replaced(line, start, shown.get(name), end),
    );
}

function replaced(line: string, start: string, name: string | undefined, end = ''): string {
  return name === undefined ? line : `${start}${name}${end}`;
}
