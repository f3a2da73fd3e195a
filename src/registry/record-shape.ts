import {
  type Artifact,
  type ArtifactOrigin,
  type CapturedValue,
  MAX_LINKS,
  MAX_REQUIRES,
} from '../model/artifact.ts';

/** A name of a function and an alias have 321 characters together. */
const MAX_NAME = 400;

/**
 * Makes an artifact of what was decoded, field by field, or says in a few words what is wrong. A
 * field that is not known is refused: whoever adds one raises the format.
 */
export function readArtifact(value: unknown): Artifact | string {
  const record = exactRecord(value, ['format', 'code', 'links', 'requires', 'origin']);
  if (record === undefined) return 'it is not a record of the five fields of an artifact';
  const { format, code } = record;
  const links = readNames(record['links'], MAX_LINKS);
  const requires = readNames(record['requires'], MAX_REQUIRES);
  const origin = readOrigin(record['origin']);
  if (!isCount(format)) return '`format` is no whole number from 1';
  if (typeof code !== 'string') return '`code` is no string';
  if (links === undefined) return `\`links\` is no list of up to ${MAX_LINKS} names`;
  if (requires === undefined) return `\`requires\` is no list of up to ${MAX_REQUIRES} names`;
  if (typeof origin === 'string') return origin;
  return { format, code, links, requires, origin };
}

function readOrigin(value: unknown): ArtifactOrigin | string {
  const record = exactRecord(value, ['source', 'map', 'captured']);
  if (record === undefined) return '`origin` is not a record of its three fields';
  const { source, map } = record;
  const captured = readAll(record.captured, readCaptured);
  if (typeof source !== 'string') return '`origin.source` is no string';
  if (typeof map !== 'string') return '`origin.map` is no string';
  if (captured === undefined) return '`origin.captured` is no list of captured values';
  return { source, map, captured };
}

function readCaptured(value: unknown): CapturedValue | undefined {
  const record = exactRecord(value, ['name', 'usedBy', 'kind', 'bytes']);
  if (record === undefined) return undefined;
  const { name, usedBy, kind, bytes } = record;
  if (typeof name !== 'string' || typeof usedBy !== 'string') return undefined;
  if (typeof kind !== 'string' || !isCount(bytes)) return undefined;
  return { name, usedBy, kind, bytes };
}

function exactRecord<K extends string>(
  value: unknown,
  fields: readonly K[],
): Record<K, unknown> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const names = Object.keys(value);
  const exact = names.length === fields.length && fields.every((field) => names.includes(field));
  return exact ? (value as Record<K, unknown>) : undefined;
}

function readNames(value: unknown, most: number): string[] | undefined {
  if (!Array.isArray(value) || value.length > most) return undefined;
  return readAll(value, (element) => {
    return typeof element === 'string' && element.length <= MAX_NAME ? element : undefined;
  });
}

function readAll<Element>(
  value: unknown,
  read: (element: unknown) => Element | undefined,
): Element[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const elements = value.map(read).filter((element) => element !== undefined);
  return elements.length === value.length ? elements : undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;
}
