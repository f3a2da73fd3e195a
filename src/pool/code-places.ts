import { SourceMap } from 'node:module';
import type { ArtifactOrigin } from '../model/artifact.ts';

/** Where a line and column of an artifact's code were written, as `file:line:column`, all from 1. */
export type CodePlaces = (line: number, column: number) => string | undefined;

// An entry takes two characters at least here, and a hundred bytes in memory.
const MAX_MAP_LENGTH = 8_000_000;
const MAX_ENTRIES = 600_000;
const MAX_FILE_NAME = 300;

/**
 * Reads an artifact's source map when it is needed first. The map comes from the registry and may be
 * anything: one that is broken, or larger than an honest one, finds no place, and never throws.
 */
export function codePlaces(origin: ArtifactOrigin): CodePlaces {
  const known = cache.get(origin);
  if (known !== undefined) return known;
  const map = readMap(origin.map);
  const places: CodePlaces = map === undefined ? () => undefined : (...at) => locate(map, ...at);
  cache.set(origin, places);
  return places;
}

const cache = new WeakMap<ArtifactOrigin, CodePlaces>();

function readMap(text: string): SourceMap | undefined {
  if (text === '' || text.length > MAX_MAP_LENGTH) return undefined;
  try {
    const { sources, mappings } = JSON.parse(text) as Record<string, unknown>;
    if (!isList(sources) || typeof mappings !== 'string') return undefined;
    if (!/^[\w+/,;]*$/.test(mappings) || countEntries(mappings) > MAX_ENTRIES) return undefined;
    const names = sources.map((source) => (typeof source === 'string' ? source : ''));
    return new SourceMap({
      version: 3,
      file: '',
      sources: names,
      sourcesContent: [],
      names: [],
      mappings,
      sourceRoot: '',
    });
  } catch (error) {
    // Frames then name the artifact's own lines, which is what there is to say.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value);
}

function countEntries(mappings: string): number {
  let count = 1;
  for (let at = 0; at < mappings.length; at++) {
    const sign = mappings[at];
    if (sign === ',' || sign === ';') count += 1;
  }
  return count;
}

function locate(map: SourceMap, line: number, column: number): string | undefined {
  const entry = map.findEntry(line - 1, column - 1);
  // The nearest entry before may be of an earlier line, where other text stands.
  if (!('originalSource' in entry) || entry.generatedLine !== line - 1) return undefined;
  const { originalSource: file, originalLine, originalColumn } = entry;
  if (!file || file.length > MAX_FILE_NAME) return undefined;
  return `${file}:${originalLine + 1}:${originalColumn + 1}`;
}
