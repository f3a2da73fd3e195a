import { SourceMap } from 'node:module';
import type { ArtifactOrigin } from '../model/artifact.ts';

/** Where a line and column of an artifact's code were written, as `file:line:column`, all from 1. */
export type CodePlaces = (line: number, column: number) => string | undefined;

// An entry takes two characters at least here, and a hundred bytes in memory.
const MAX_MAP_LENGTH = 8_000_000;
const MAX_ENTRIES = 600_000;
const MAX_FILE_NAME = 300;

/** How many maps are kept as they were read; together they have no more entries than the largest one. */
const MAX_KEPT = 64;

/** A map of so many entries is read in a ms or two. */
const SMALL = 10_000;

/** Large maps that made room for others are read again for a fiftieth of the time, all together. */
const REST = 50;

/** What is known of a map; the text of it is held by its artifact alone. */
interface KnownMap {
  /** 0: it is broken, or too large. */
  readonly entries: number;
  /** Undefined also once it has made room. */
  parsed: SourceMap | undefined;
}

const known = new WeakMap<ArtifactOrigin, KnownMap>();
/** Those that are kept; what was used last is last. */
const kept = new Set<KnownMap>();
/** When a large map may be read again, on the clock of `performance.now()`, in ms. */
let restUntil = 0;

/**
 * Reads an artifact's source map when it is needed, unless it is kept from before. The map comes from the
 * registry and may be anything: one that is broken, or larger than an honest one, finds no place, and
 * never throws. So does one of many large ones that are needed in turn.
 */
export function codePlaces(origin: ArtifactOrigin): CodePlaces {
  const { parsed } = keep(known.get(origin)) ?? readNow(origin);
  return (...at) => parsed && locate(parsed, ...at);
}

/** The same, used just now; undefined if it has to be read. */
function keep(map: KnownMap | undefined): KnownMap | undefined {
  if (map === undefined || map.entries === 0) return map;
  if (map.parsed === undefined) {
    const isResting = map.entries > SMALL && performance.now() < restUntil;
    return isResting ? map : undefined;
  }
  kept.delete(map);
  kept.add(map);
  return map;
}

function readNow(origin: ArtifactOrigin): KnownMap {
  const begun = performance.now();
  const map = readMap(origin.map);
  if (known.has(origin)) {
    const now = performance.now();
    restUntil = now + (now - begun) * REST;
  }
  known.set(origin, map);
  if (map.parsed !== undefined) kept.add(map);
  makeRoom();
  return map;
}

function makeRoom(): void {
  let entries = 0;
  for (const map of kept) entries += map.entries;
  for (const map of kept) {
    if (kept.size <= MAX_KEPT && entries <= MAX_ENTRIES) return;
    kept.delete(map);
    map.parsed = undefined;
    entries -= map.entries;
  }
}

function readMap(text: string): KnownMap {
  if (text === '' || text.length > MAX_MAP_LENGTH) return NO_MAP;
  try {
    const { sources, mappings } = JSON.parse(text) as Record<string, unknown>;
    if (!isList(sources) || typeof mappings !== 'string') return NO_MAP;
    if (!/^[\w+/,;]*$/.test(mappings)) return NO_MAP;
    const entries = countEntries(mappings) + sources.length;
    if (entries > MAX_ENTRIES) return NO_MAP;
    const names = sources.map((source) => (typeof source === 'string' ? source : ''));
    const payload = { version: 3, file: '', sources: names, mappings };
    const empty = { sourcesContent: [], names: [], sourceRoot: '' };
    return { entries, parsed: new SourceMap({ ...payload, ...empty }) };
  } catch (error) {
    // Frames then name the artifact's own lines, which is what there is to say.
    if (error instanceof Error) return NO_MAP;
    throw error;
  }
}

const NO_MAP: KnownMap = { entries: 0, parsed: undefined };

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
