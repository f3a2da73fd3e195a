import { parse } from 'node:path';
import type { BuildFailure, BuildOptions, Message, Plugin } from 'esbuild';
import type { ScatterError } from '../../errors.ts';
import { type Compiled, type CompileOptions, CompilerEnded, compile } from '../bundle/compiler.ts';
import { sourceError } from './source-error.ts';
import { sourceFailure, withoutSpace } from './source-failure.ts';
import { ENTRY, ENTRY_FILE, MAIN, sourcePlugin } from './source-plugin.ts';
import type { ModuleReader, SourceLanguage } from './source-text.ts';

/** The variable that holds the function, as its property `value`. */
export const EXPORTS = '$exports';

/** The modules of a source as one statement, `var $exports = …`. */
export interface BuiltSource {
  readonly code: string;
  /** Of `code`, as esbuild makes it. */
  readonly map: { readonly sources: readonly string[]; readonly mappings: string };
}

type Outcome = Pick<Compiled, 'errors' | 'warnings' | 'outputFiles'>;

/** @throws ScatterError `SOURCE_INVALID` */
export async function buildSource(
  reader: ModuleReader,
  o: { language: SourceLanguage; capabilities: string; exported: string },
): Promise<BuiltSource> {
  const entry = `export { ${JSON.stringify(o.exported)} as value } from ${JSON.stringify(MAIN)};`;
  const plugin = sourcePlugin(reader, o.language, { entry, capabilities: o.capabilities });
  const built = await run({ ...OPTIONS, entryPoints: [ENTRY], plugins: [plugin] });
  const messages = troublesOf(built);
  const inModules = messages.find(({ location }) => location?.file !== ENTRY_FILE);
  if (inModules !== undefined) throw sourceFailure(inModules, reader);
  if (messages.length > 0) throw await missingExport(reader, o.exported, plugin);
  return readOutput(built);
}

async function run(options: CompileOptions): Promise<Outcome> {
  try {
    return await compile(options);
  } catch (error) {
    if (error instanceof CompilerEnded) {
      throw sourceError('it cannot be read; make it smaller and nest it less', undefined, error);
    }
    if (isBuildFailure(error))
      return { errors: error.errors, warnings: error.warnings, outputFiles: [] };
    throw error;
  }
}

const OPTIONS = {
  // Nothing is read there; names come out the same wherever this process is.
  absWorkingDir: parse(process.cwd()).root,
  outfile: 'bundle.js',
  write: false,
  metafile: true,
  bundle: true,
  format: 'iife',
  globalName: EXPORTS,
  platform: 'neutral',
  target: 'node24',
  charset: 'utf8',
  tsconfigRaw: '{}',
  legalComments: 'none',
  sourcemap: 'external',
  sourcesContent: false,
  logLevel: 'silent',
} as const satisfies BuildOptions;

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error && 'warnings' in error;
}

// What esbuild lets pass, and what would be a surprise in an isolate.
const REFUSED = ['commonjs-variable-in-esm', 'empty-import-meta', 'import-is-undefined'];

function troublesOf({ warnings, errors }: Outcome): readonly Message[] {
  return [...warnings.filter(({ id }) => REFUSED.includes(id)), ...errors];
}

async function missingExport(
  { main }: ModuleReader,
  exported: string,
  plugin: Plugin,
): Promise<ScatterError> {
  const given = { entryPoints: [MAIN], plugins: [plugin] };
  const { metafile } = await compile({ ...OPTIONS, ...given, format: 'esm' });
  const names = Object.values(metafile.outputs).flatMap(({ exports }) => exports);
  const there = names.length === 0 ? 'it exports nothing' : `it exports ${names.join(', ')}`;
  return sourceError(`it has no export \`${exported}\`; ${there}`, { file: main });
}

function readOutput({ outputFiles }: Outcome): BuiltSource {
  const text = (end: string): string =>
    outputFiles.find(({ path }) => path.endsWith(end))?.text ?? '';
  const { sources, mappings } = JSON.parse(text('.map')) as BuiltSource['map'];
  return {
    code: text('.js'),
    map: { sources: sources.map(withoutSpace), mappings },
  };
}
