/** What a cache or a snapshot keeps of a registry, and how it is read back from JSON that nobody vouches for. */
import { MAX_REQUIRES } from '../../model/artifact.ts';
import type { VersionInfo } from '../../model/version.ts';
import { MAX_VERSIONS } from '../function-state.ts';
import { type Fields, fieldsOf, isCount, isText } from '../plain-values.ts';
import type { FunctionRecord, Head } from '../registry.ts';

/** A function as the registry had it. */
export interface KeptFunction {
  /** Of the registry when it was seen: numbers of versions mean nothing in another one. */
  readonly generation: string;
  /** The change up to which all was known then. */
  readonly epoch: number;
  readonly record: FunctionRecord;
}

/** Where what a registry had can be read while it is away. What is damaged there counts as missing. */
export interface KeptSource {
  /** For messages. */
  readonly place: string;
  head(): Promise<Head | undefined>;
  find(name: string): Promise<KeptFunction | undefined>;
  version(generation: string, name: string, version: number): Promise<VersionInfo | undefined>;
  /** The blob as it was stored, checked against its digest. */
  artifact(digest: string): Promise<Uint8Array | undefined>;
}

/** A head as JSON takes it; {@link readHead} reads it back. */
export function plainHead({ generation, epoch, mark }: Head): Fields {
  return { generation, epoch, ...(mark !== undefined && { mark }) };
}

export function readHead(value: unknown): Head | undefined {
  const fields = fieldsOf(value);
  const { generation, epoch, mark } = fields ?? {};
  if (!isText(generation) || !isCount(epoch)) return undefined;
  if (mark === undefined) return { generation, epoch };
  return isText(mark) ? { generation, epoch, mark } : undefined;
}

export function plainRecord(record: FunctionRecord): Fields {
  const { name, latest, live, liveEpoch, latestVersion, versions, aliases, updatedAt } = record;
  const numbers = { latest, live, liveEpoch, latestVersion, versions };
  return { name, ...numbers, aliases, updatedAt: updatedAt.getTime() };
}

export function readRecord(value: unknown): FunctionRecord | undefined {
  const fields = fieldsOf(value);
  if (fields === undefined) return undefined;
  const { name, latest, live, liveEpoch, latestVersion, versions } = fields;
  const aliases = readAliases(fields['aliases']);
  const updatedAt = readDate(fields['updatedAt']);
  if (!isText(name) || !isNumber(latest) || !isNumber(live) || !isCount(liveEpoch))
    return undefined;
  if (!isNumber(latestVersion) || !isListOf(versions, isNumber, MAX_VERSIONS)) return undefined;
  if (aliases === undefined || updatedAt === undefined) return undefined;
  return { name, latest, live, liveEpoch, latestVersion, versions, aliases, updatedAt };
}

export function plainInfo({ createdAt, ...info }: VersionInfo): Fields {
  return { ...info, createdAt: createdAt.getTime() };
}

export function readInfo(value: unknown): VersionInfo | undefined {
  const fields = fieldsOf(value);
  if (fields === undefined) return undefined;
  const { name, version, digest, author, message, bytes, requires, format } = fields;
  const createdAt = readDate(fields['createdAt']);
  if (!isText(name) || !isNumber(version) || !isDigest(digest) || !isText(author)) return undefined;
  if (!isCount(bytes) || !isListOf(requires, isText, MAX_REQUIRES) || !isNumber(format))
    return undefined;
  if (createdAt === undefined) return undefined;
  const info = { name, version, digest, createdAt, author, bytes, requires, format };
  if (message === undefined) return info;
  return isText(message) ? { ...info, message } : undefined;
}

/** It becomes the name of a file. */
export function isDigest(value: unknown): value is string {
  return isText(value) && /^[0-9a-f]{64}$/.test(value);
}

function isNumber(value: unknown): value is number {
  return isCount(value) && value > 0;
}

function isListOf<T>(
  value: unknown,
  isOne: (one: unknown) => one is T,
  most: number,
): value is T[] {
  return Array.isArray(value) && value.length <= most && value.every(isOne);
}

function readDate(value: unknown): Date | undefined {
  const date = new Date(isCount(value) ? value : Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function readAliases(value: unknown): Record<string, number> | undefined {
  const entries = Object.entries(fieldsOf(value) ?? { '': undefined });
  if (!entries.every((entry): entry is [string, number] => isNumber(entry[1]))) return undefined;
  return Object.fromEntries(entries);
}
