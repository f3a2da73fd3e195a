import { SourceMap, type SourceMapPayload } from 'node:module';
import { Script as CompiledScript } from 'node:vm';
import { ARTIFACT_FORMAT, type Artifact } from '../../model/artifact.ts';
import { buildSource, EXPORTS } from './source-build.ts';
import { sourceError } from './source-error.ts';
import {
  type ModuleReader,
  readerOf,
  type SourceLanguage,
  type SourceText,
} from './source-text.ts';

/** What there is to say of code that comes as text. */
export interface SourceChoices {
  /** The export that is the function. @default 'default' */
  readonly export?: string;
  /** Of modules whose names do not tell. @default 'js' */
  readonly language?: SourceLanguage;
  /** Names of the capabilities that the code is to have. @default [] */
  readonly capabilities?: readonly string[];
}

/**
 * Makes an artifact of code that comes as text. The text is bundled and checked, and never evaluated
 * here: what its top level does happens in the isolate, when the function is loaded.
 *
 * @throws ScatterError `SOURCE_INVALID` with `file`, `line` and `column` where they are known,
 * `CONFIG_INVALID` for a source that is no text
 */
export async function captureSource(
  source: SourceText,
  choices: SourceChoices = {},
): Promise<Artifact> {
  const { export: exported = 'default', language = 'js', capabilities = [] } = choices;
  const reader = readerOf(source, language);
  const requires = [...new Set(capabilities)].sort();
  const scatter = freeName(source);
  const module = capabilityModule(requires, scatter);
  const built = await buildSource(reader, { language, capabilities: module, exported });
  const head = `(${scatter}) => {\n"use strict";\n${capabilityGlobals(requires, scatter)}\n`;
  const code = `${head}${built.code}return ${EXPORTS}.value;\n}`;
  const before = ';'.repeat(head.split('\n').length - 1);
  const { sources, mappings } = built.map;
  const map = { version: 3, sources: [...sources], names: [], mappings: before + mappings };
  checkCompiles(code, map, reader);
  const text = reader.read(reader.main) ?? '';
  const origin = { source: text, map: JSON.stringify(map), captured: [] };
  return { format: ARTIFACT_FORMAT, code, links: [], requires, origin };
}

/** A name for what the artifact is given, which the code does not know. */
function freeName(source: SourceText): string {
  const text = JSON.stringify(source);
  let name = '$scatter';
  while (text.includes(name)) name += '$';
  return name;
}

function capabilityModule(names: readonly string[], scatter: string): string {
  const lines = names.map((name, index) => {
    const own = `capability${index}`;
    const value = `${scatter}.capability(${index})`;
    return `const ${own} = ${value};\nexport { ${own} as ${JSON.stringify(name)} };\n`;
  });
  return `${lines.join('')}export {};\n`;
}

/** Around the modules, so that a capability is there by its name like a global. */
function capabilityGlobals(names: readonly string[], scatter: string): string {
  return names
    .map((name, index) => [name, `${scatter}.capability(${index})`] as const)
    .filter(([name]) => isVariableName(name))
    .map(([name, value]) => `const ${name} = ${value};`)
    .join(' ');
}

function isVariableName(name: string): boolean {
  if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) return false;
  // Only the engine knows all words that are none.
  return syntaxErrorOf(`"use strict"; { const ${name} = 0; }`) === undefined;
}

type MapParts = Pick<SourceMapPayload, 'version' | 'sources' | 'names' | 'mappings'>;

/** What esbuild does not look at, such as regular expressions, must fail here and not at a call. */
function checkCompiles(code: string, map: MapParts, reader: ModuleReader): void {
  const error = syntaxErrorOf(`(${code}\n)`);
  if (error === undefined) return;
  const { message, stack = '' } = error;
  const [, line = '', caret = ''] = /^code:(\d+)\n.*\n( *)\^/.exec(stack) ?? [];
  const full = { ...map, file: '', sourcesContent: [], sourceRoot: '' };
  const entry = new SourceMap(full).findEntry(Number(line) - 1, caret.length);
  if (!('originalSource' in entry)) throw sourceError(message, undefined, error);
  const { originalSource: file, originalLine, originalColumn } = entry;
  const text = reader.read(file)?.split(/\r\n|[\n\r\u2028\u2029]/)[originalLine] ?? '';
  const place = { file, line: originalLine + 1, column: originalColumn + 1, text };
  throw sourceError(message, place, error);
}

function syntaxErrorOf(code: string): Error | undefined {
  try {
    // Compiles, and runs nothing.
    new CompiledScript(code, { filename: 'code' });
    return undefined;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}
