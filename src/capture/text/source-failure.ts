import type { Message } from 'esbuild';
import type { ScatterError } from '../../errors.ts';
import { type SourcePlace, sourceError } from './source-error.ts';
import { AS_MODULE, CAPABILITIES, SPACE } from './source-plugin.ts';
import type { ModuleReader } from './source-text.ts';

const SPACED = new RegExp(`${SPACE}:([^"\\n]*?)(?:\\${AS_MODULE}|(?<=\\.json))(?=["\\s]|$)`, 'g');

// What esbuild says in terms of its own, and what it means here.
const MEANINGS: readonly [said: RegExp, meant: string][] = [
  [
    /^Top-level await is .*/,
    'await at the top of a module: a function is loaded at once, so await inside of it',
  ],
  [
    new RegExp(`^No matching export in "${CAPABILITIES}" for import "(.*)"`),
    'the capability `$1` is not among `capabilities`; list it there, or do without it',
  ],
  [
    /^The CommonJS "(.*?)" variable .*/,
    'it is a CommonJS module, which uses `$1`; write `export default …` in place of module.exports',
  ],
  [/^"import\.meta" is .*/, 'import.meta has no meaning in an isolate; do without it'],
];

/** What a message of esbuild means for the source. */
export function sourceFailure({ text, location }: Message, reader: ModuleReader): ScatterError {
  const [said, meant] = MEANINGS.find(([pattern]) => pattern.test(text)) ?? [/^/, ''];
  const trouble = withoutSpace(text.replace(said, meant));
  return sourceError(trouble, location === null ? undefined : placeOf(location, reader));
}

/** A text of esbuild's with the modules called as their author calls them. */
export function withoutSpace(text: string): string {
  return text.replaceAll(SPACED, '$1');
}

function placeOf(location: NonNullable<Message['location']>, reader: ModuleReader): SourcePlace {
  const file = withoutSpace(location.file);
  const lines = reader.read(file)?.split(/\r\n|[\n\r\u2028\u2029]/) ?? [];
  const text = lines[location.line - 1];
  if (text === undefined) return endOf(file, lines);
  // esbuild counts bytes of UTF-8.
  const before = Buffer.from(text).subarray(0, location.column).toString();
  return { file, line: location.line, column: before.length + 1, text };
}

/** Behind the text stands a line of ours. */
function endOf(file: string, lines: readonly string[]): SourcePlace {
  const text = lines.at(-1) ?? '';
  return { file, line: Math.max(1, lines.length), column: text.length + 1, text };
}
