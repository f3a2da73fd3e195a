/** What stands in the fields of a namespace: JSON, readable by people with redis-cli. */
import { MAX_REQUIRES } from '../../model/artifact.ts';
import type { VersionInfo } from '../../model/version.ts';
import { type FunctionState, HISTORY_CAPACITY, MAX_VERSIONS, toRecord } from '../function-state.ts';
import type { FunctionRecord, Head } from '../registry.ts';
import {
  damaged,
  date,
  integer,
  isString,
  list,
  numbersByName,
  parseStored,
  type StoredRecord,
  text,
} from '../stored-fields.ts';
import { formatRanges, parseRanges } from './number-ranges.ts';

/** The generation of a namespace into which nothing was ever written. */
export const EMPTY_GENERATION = 'empty';

const EMPTY_HEAD: Head = { generation: EMPTY_GENERATION, epoch: 0 };

export function encodeHead({ generation, epoch, mark }: Head): string {
  return JSON.stringify({ generation, epoch, mark });
}

export function decodeHead(stored: string | undefined): Head {
  if (stored === undefined) return EMPTY_HEAD;
  const record = parseRecord('@head', stored);
  return {
    generation: text(record, 'generation'),
    epoch: integer(record, 'epoch'),
    mark: text(record, 'mark'),
  };
}

export function encodeState(state: FunctionState, updatedAt: Date): string {
  const { latest, live, liveEpoch, lastVersion, aliases } = state;
  return JSON.stringify({
    latest,
    live,
    liveEpoch,
    lastVersion,
    versions: formatRanges(state.versions),
    history: formatRanges(state.history),
    aliases,
    updatedAt: updatedAt.getTime(),
  });
}

export function decodeState(name: string, stored: string): FunctionState {
  return readState(name, parseRecord(name, stored));
}

export function decodeRecord(name: string, stored: string): FunctionRecord {
  const record = parseRecord(name, stored);
  return toRecord(readState(name, record), date(record, 'updatedAt'));
}

/** The version that `latest` points at, and nothing else of the record; 0: there is no such function. */
export function decodeLatest(name: string, stored: string): number {
  return integer(parseRecord(name, stored), 'latest');
}

export function encodeVersion(info: VersionInfo): string {
  return JSON.stringify({ ...info, createdAt: info.createdAt.getTime() });
}

export function decodeVersion(stored: string): VersionInfo {
  return readVersion(parseRecord('version', stored));
}

export function encodeAnswer(answer: unknown): string {
  return JSON.stringify(answer ?? null);
}

/** The versions that a push answered with. */
export function decodeVersions(answer: unknown): VersionInfo[] {
  return Array.isArray(answer) ? answer.map(decodeAnsweredVersion) : damaged('commits', answer);
}

/** A version as it stands in an answer, where JSON has made its date a text. */
export function decodeAnsweredVersion(answer: unknown): VersionInfo {
  const record = asRecord('commits', answer);
  return readVersion({ ...record, createdAt: Date.parse(text(record, 'createdAt')) });
}

function readState(name: string, record: StoredRecord): FunctionState {
  return {
    name,
    latest: integer(record, 'latest'),
    live: integer(record, 'live'),
    liveEpoch: integer(record, 'liveEpoch'),
    lastVersion: integer(record, 'lastVersion'),
    versions: ranges(record, 'versions', MAX_VERSIONS),
    history: ranges(record, 'history', HISTORY_CAPACITY),
    aliases: numbersByName(record, 'aliases'),
  };
}

function readVersion(record: StoredRecord): VersionInfo {
  return {
    name: text(record, 'name'),
    version: integer(record, 'version'),
    digest: text(record, 'digest'),
    createdAt: date(record, 'createdAt'),
    author: text(record, 'author'),
    ...(record['message'] === undefined ? {} : { message: text(record, 'message') }),
    bytes: integer(record, 'bytes'),
    requires: list(record, 'requires', isString, MAX_REQUIRES),
    format: integer(record, 'format'),
  };
}

function ranges(record: StoredRecord, field: string, most: number): number[] {
  const stored = text(record, field);
  return parseRanges(stored, most) ?? damaged(field, stored);
}

function parseRecord(field: string, stored: string): StoredRecord {
  return asRecord(field, parseStored(field, stored));
}

function asRecord(field: string, value: unknown): StoredRecord {
  if (typeof value !== 'object' || value === null) return damaged(field, value);
  return value as StoredRecord;
}
