import type { CapturedValue } from '../src/model/artifact.ts';
import type { Prepared } from '../src/push-item.ts';
import type { Registry } from '../src/registry/registry.ts';
import { table } from './output.ts';

/** A function beside what the registry has of it. */
export interface Comparison extends Prepared {
  readonly state: 'new' | 'changed' | 'unchanged';
  /** Undefined if the registry has no such function. */
  readonly latest: number | undefined;
}

/** What became of a function, or would. */
export interface Outcome {
  readonly name: string;
  readonly state: Comparison['state'];
  /** The version that is `latest` then; null where it is not known yet. */
  readonly version: number | null;
  readonly digest: string;
  readonly bytes: number;
  readonly requires: readonly string[];
}

const INDENT = '  ';

export async function compare(
  { item, artifact }: Prepared,
  registry: Registry | undefined,
): Promise<Comparison> {
  const record = await registry?.find(item.name);
  if (record === undefined) return { item, artifact, state: 'new', latest: undefined };
  const info = await registry?.version(item.name, record.latest);
  const state = info?.digest === item.digest ? 'unchanged' : 'changed';
  return { item, artifact, state, latest: record.latest };
}

export function outcomeOf({ item, state }: Comparison, version: number | undefined): Outcome {
  const { name, digest, bytes, requires } = item;
  return { name, state, version: version ?? null, digest, bytes, requires };
}

export function pushedLine({ name, version, state, bytes, requires }: Outcome): string {
  const needs = requires.length === 0 ? '' : `, requires ${requires.join(', ')}`;
  return `${name}@${version}  ${state}, ${bytes} bytes${needs}`;
}

export function dryRunLines(comparison: Comparison): string[] {
  const { item, artifact, latest, state } = comparison;
  const at = latest === undefined ? '' : ` (latest is ${latest})`;
  const needs = item.requires.length === 0 ? [] : [`${INDENT}requires ${item.requires.join(', ')}`];
  return [
    `${item.name}  ${state}${at}, ${item.bytes} bytes`,
    `${INDENT}${item.digest}`,
    ...needs,
    ...capturedLines(artifact.origin.captured).map((line) => INDENT + line),
  ];
}

/** The variables whose values are in the code. */
export function capturedLines(captured: readonly CapturedValue[]): string[] {
  if (captured.length === 0) return [];
  const rows = captured.map(({ name, kind, bytes, usedBy }) => [name, kind, `${bytes}`, usedBy]);
  return table(['CAPTURED', 'KIND', 'BYTES', 'USED BY'], rows);
}
