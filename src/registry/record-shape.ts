import type { Artifact, ArtifactOrigin, SourceSpan } from '../model/artifact.ts';

/**
 * Makes an artifact of what was decoded, field by field, or says in a few words what is wrong. A
 * field that is not known is refused: whoever adds one raises the format.
 */
export function readArtifact(value: unknown): Artifact | string {
  const record = exactRecord(value, ['format', 'code', 'links', 'requires', 'origin']);
  if (record === undefined) return 'it is not a record of the five fields of an artifact';
  const { format, code } = record;
  const links = readStrings(record['links']);
  const requires = readStrings(record['requires']);
  const origin = readOrigin(record['origin']);
  if (!isCount(format)) return '`format` is no whole number from 1';
  if (typeof code !== 'string') return '`code` is no string';
  if (links === undefined) return '`links` is no list of strings';
  if (requires === undefined) return '`requires` is no list of strings';
  if (typeof origin === 'string') return origin;
  return { format, code, links, requires, origin };
}

function readOrigin(value: unknown): ArtifactOrigin | string {
  const record = exactRecord(value, ['source', 'spans']);
  if (record === undefined) return '`origin` is not a record of `source` and `spans`';
  const { source, spans } = record;
  if (typeof source !== 'string') return '`origin.source` is no string';
  if (!Array.isArray(spans)) return '`origin.spans` is no list';
  const read = spans.map(readSpan);
  const whole = read.filter((span) => span !== undefined);
  return whole.length === read.length ? { source, spans: whole } : 'a source span is malformed';
}

function readSpan(value: unknown): SourceSpan | undefined {
  const numbers = ['fileLine', 'fileColumn', 'codeLine', 'codeColumn', 'lineCount'] as const;
  const record = exactRecord(value, ['file', ...numbers]);
  if (record === undefined || typeof record.file !== 'string') return undefined;
  const { file, fileLine, fileColumn, codeLine, codeColumn, lineCount } = record;
  if (!isCount(fileLine) || !isCount(fileColumn)) return undefined;
  if (!isCount(codeLine) || !isCount(codeColumn) || !isCount(lineCount)) return undefined;
  return { file, fileLine, fileColumn, codeLine, codeColumn, lineCount };
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

function readStrings(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const strings = value.filter((element) => typeof element === 'string');
  return strings.length === value.length ? strings : undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;
}
