import { posix } from 'node:path';
import type { Loader, OnResolveArgs, OnResolveResult, Plugin } from 'esbuild';
import type { ModuleReader, SourceLanguage } from './source-text.ts';

/** In front of the names of modules, so that nobody takes them for files of this machine. */
export const SPACE = 'scatter-source';
/** Behind the names: with this ending esbuild takes any text for an ES module. */
export const AS_MODULE = '.mjs';
/** What code imports its capabilities from. */
export const CAPABILITIES = 'scatter:capabilities';

/** The module that takes the function from the main module. */
export const ENTRY = 'scatter:entry';
/** The main module, as the entry imports it. */
export const MAIN = 'scatter:main';
/** The entry, as esbuild shows it. */
export const ENTRY_FILE = 'scatter:entry';

// esbuild follows the last of these comments, and a map that somebody else made must not tell where
// code comes from. Nothing is at this address.
const NO_MAP = '\n//# sourceMappingURL=none:';

/**
 * Gives esbuild the modules of a source and nothing else: no file, no package, no module of Node.
 *
 * @param ours the texts of the modules that no author has, `scatter:…`
 */
export function sourcePlugin(
  reader: ModuleReader,
  language: SourceLanguage,
  ours: Readonly<Record<'entry' | 'capabilities', string>>,
): Plugin {
  return {
    name: SPACE,
    setup(build) {
      build.onResolve({ filter: /.*/ }, (args) => resolveModule(reader, args));
      build.onLoad({ filter: /.*/, namespace: 'scatter' }, ({ path }) => ({
        contents: path === 'entry' ? ours.entry : ours.capabilities,
      }));
      build.onLoad({ filter: /.*/, namespace: SPACE }, ({ path }) => {
        const name = nameOf(path);
        const text = reader.read(name) ?? '';
        const loader = loaderOf(name, language);
        return { contents: loader === 'json' ? text : text + NO_MAP, loader };
      });
    },
  };
}

function resolveModule(reader: ModuleReader, args: OnResolveArgs): OnResolveResult {
  const isOurs = args.kind === 'entry-point' || args.namespace === 'scatter';
  if (isOurs && args.path === ENTRY) return { path: 'entry', namespace: 'scatter' };
  if (isOurs && args.path === MAIN) return { path: pathOf(reader.main), namespace: SPACE };
  if (args.path === CAPABILITIES) return { path: 'capabilities', namespace: 'scatter' };
  if (!/^\.\.?\//.test(args.path)) return { errors: [{ text: refusal(args) }] };
  const wanted = posix.join(posix.dirname(args.importer), args.path);
  const found = spellings(wanted).find((name) => reader.read(name) !== undefined);
  if (found !== undefined) return { path: pathOf(found), namespace: SPACE };
  return { errors: [{ text: `the module \`${args.path}\` is not there (there is no ${wanted})` }] };
}

function pathOf(name: string): string {
  return name.endsWith('.json') ? name : name + AS_MODULE;
}

function nameOf(path: string): string {
  return path.endsWith(AS_MODULE) ? path.slice(0, -AS_MODULE.length) : path;
}

function refusal({ path, kind }: OnResolveArgs): string {
  const what = kind === 'require-call' ? `require('${path}')` : `an import of \`${path}\``;
  return (
    `${what} cannot be done: code that comes as text imports only its own modules, by ./ paths, and ` +
    `${CAPABILITIES}`
  );
}

/** A file may be named by what it is compiled to, or without its ending, as compilers allow. */
function spellings(name: string): string[] {
  const typed = name.replace(/\.([cm]?)js$/, '.$1ts');
  return [...new Set([name, typed, `${name}.ts`, `${name}.js`])];
}

function loaderOf(name: string, language: SourceLanguage): Loader {
  if (name.endsWith('.json')) return 'json';
  return language === 'ts' || /\.[cm]?ts$/.test(name) ? 'ts' : 'js';
}
