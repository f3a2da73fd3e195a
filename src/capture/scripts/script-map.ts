import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { LineIndex } from './line-index.ts';
import type { Script } from './script.ts';
import { fileOfUrl } from './source-file.ts';

/** A place in a file that somebody wrote. Line and column from 0. */
export interface OriginalPlace {
  /** The file, see `SourceFile.shown`. */
  readonly shown: string;
  readonly line: number;
  readonly column: number;
}

/** The place behind an offset in a script; undefined for what a compiler added. */
export type PlaceOf = (offset: number) => OriginalPlace | undefined;

/** Where what stands in a script was written; undefined for a script without a file. */
export function originalPlaceOf(script: Script): PlaceOf | undefined {
  const map = scriptMapOf(script);
  if (map !== undefined) return (offset) => map.placeOf(offset);
  const { file, lines } = script;
  if (file === undefined) return undefined;
  return (offset) => {
    const { line, column } = lines.positionOf(offset);
    return { shown: file.shown, line: line - 1, column: column - 1 };
  };
}

/** The source map that a compiler left in a script, if it left one that can be read. */
export function scriptMapOf(script: Script): ScriptMap | undefined {
  const known = maps.get(script);
  if (known !== undefined) return known.map;
  const payload = readPayload(script);
  const map = payload === undefined ? undefined : new ScriptMap(script, payload);
  maps.set(script, { map });
  return map;
}

// A script stays the same, and its map is asked for once for each function in it.
const maps = new WeakMap<Script, { readonly map: ScriptMap | undefined }>();

/** One original file as the map names it. */
interface OriginalFile {
  readonly path: string;
  readonly shown: string;
}

/** What an author wrote. */
interface OriginalText {
  readonly text: string;
  readonly lines: LineIndex;
}

/** The way from a compiled script back to what its author wrote. */
export class ScriptMap {
  readonly #script: Script;
  readonly #payload: SourceMapPayload;
  readonly #map: SourceMap;
  readonly #files = new Map<string, OriginalFile | undefined>();
  readonly #texts = new Map<string, OriginalText | undefined>();

  constructor(script: Script, payload: SourceMapPayload) {
    this.#script = script;
    this.#payload = payload;
    this.#map = new SourceMap(payload);
  }

  placeOf(offset: number): OriginalPlace | undefined {
    return this.find(offset)?.place;
  }

  /** The entry for an offset, and whether it is of exactly there and not of something before it. */
  find(offset: number): { place: OriginalPlace; source: string; isExact: boolean } | undefined {
    const { line, column } = this.#script.lines.positionOf(offset);
    const entry = this.#map.findEntry(line - 1, column - 1);
    if (!('originalSource' in entry) || entry.generatedLine !== line - 1) return undefined;
    const file = this.#fileOf(entry.originalSource);
    if (file === undefined) return undefined;
    const { originalLine, originalColumn, generatedColumn, originalSource } = entry;
    return {
      place: { shown: file.shown, line: originalLine, column: originalColumn },
      source: originalSource,
      isExact: generatedColumn === column - 1,
    };
  }

  /** The text of an original file: the one that the map brings, else the one on the disk. */
  textOf(source: string): OriginalText | undefined {
    if (this.#texts.has(source)) return this.#texts.get(source);
    const index = this.#payload.sources.indexOf(source);
    const brought: string | null | undefined = this.#payload.sourcesContent?.[index];
    const path = this.#fileOf(source)?.path;
    const text = brought ?? (path === undefined ? undefined : readText(path));
    const original = text === undefined ? undefined : { text, lines: new LineIndex(text) };
    this.#texts.set(source, original);
    return original;
  }

  #fileOf(source: string): OriginalFile | undefined {
    if (!this.#files.has(source)) this.#files.set(source, this.#locate(source));
    return this.#files.get(source);
  }

  #locate(source: string): OriginalFile | undefined {
    const folder = dirname(this.#script.file?.path ?? '/');
    const rooted = source.startsWith('file:')
      ? fileURLToPath(source)
      : resolve(folder, this.#payload.sourceRoot ?? '', source);
    return fileOfUrl(rooted);
  }
}

// The map is somebody else's work: a broken one costs exact places and no more.
function readPayload(script: Script): SourceMapPayload | undefined {
  const text = readMapText(script);
  if (text === undefined) return undefined;
  try {
    const payload = JSON.parse(text) as SourceMapPayload;
    // Throws for what is no map.
    new SourceMap(payload);
    return payload;
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

function readMapText({ source, file }: Script): string | undefined {
  const at = source.lastIndexOf('//# sourceMappingURL=');
  // Loaders may add other comments, and the end of their wrapper, behind it.
  const [, url = ''] = /^[^=]*=(\S+)/.exec(at < 0 ? '' : source.slice(at)) ?? [];
  const data = /^data:application\/json[^,]*?(;base64)?,(.*)$/.exec(url);
  if (data !== null) {
    const [, base64, text = ''] = data;
    return base64 ? Buffer.from(text, 'base64').toString() : decodeURIComponent(text);
  }
  if (url === '' || file === undefined) return undefined;
  const address = URL.parse(url, pathToFileURL(file.path).href);
  return address?.protocol === 'file:' ? readText(fileURLToPath(address)) : undefined;
}

/** A file may be gone or unreadable by now. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}
