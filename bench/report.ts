import { availableParallelism, cpus, totalmem } from 'node:os';
import { styleText } from 'node:util';
import { median, type Round } from './measure.ts';

/** A line of the result. */
export interface CaseResult {
  readonly case: string;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly opsPerSec: number;
  readonly samples: number;
  readonly cpuUsPerCall?: number;
}

/** What a group measured. */
export interface GroupResult {
  readonly cases: readonly CaseResult[];
  readonly ratios: Readonly<Record<string, number>>;
}

/** What `--json` writes. */
export interface BenchResult {
  readonly machine: Readonly<Record<string, string | number>>;
  readonly groups: Readonly<Record<string, readonly CaseResult[]>>;
  readonly ratios: Readonly<Record<string, number>>;
}

export function collectResult(groups: ReadonlyMap<string, GroupResult>): BenchResult {
  return {
    machine: describeMachine(),
    groups: Object.fromEntries([...groups].map(([name, { cases }]) => [name, cases])),
    ratios: Object.assign({}, ...[...groups.values()].map(({ ratios }) => ratios)),
  };
}

/** Medians over the rounds of a case. */
export function summarize(name: string, rounds: readonly Round[]): CaseResult {
  const middle = (part: (round: Round) => number): number => rounded(median(rounds.map(part)));
  const cpuUsPerCall = middle((round) => round.cpuUsPerCall);
  return {
    case: name,
    p50Us: middle((round) => round.p50Us),
    p99Us: middle((round) => round.p99Us),
    opsPerSec: Math.round(median(rounds.map((round) => round.opsPerSec))),
    samples: rounds.reduce((sum, round) => sum + round.samples, 0),
    ...(Number.isFinite(cpuUsPerCall) && { cpuUsPerCall }),
  };
}

export function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

/** Prints tables for people. */
export function printResult(result: BenchResult): void {
  console.log(Object.values(result.machine).join(', '));
  for (const [group, cases] of Object.entries(result.groups)) {
    console.log(`\n${heading(group, 36)}${heads(['p50 µs', 'p99 µs', 'ops/s', 'CPU µs/call'])}`);
    for (const { case: name, p50Us, p99Us, opsPerSec, cpuUsPerCall } of cases) {
      const numbers = [p50Us, p99Us, opsPerSec].map((value) => value.toLocaleString('en'));
      console.log(name.padEnd(36) + columns([...numbers, cpuUsPerCall?.toString() ?? '']));
    }
  }
  console.log(`\n${heading('ratios', 36)}`);
  for (const [name, value] of Object.entries(result.ratios)) {
    console.log(name.padEnd(36) + columns([value.toString()]));
  }
}

function describeMachine(): BenchResult['machine'] {
  return {
    node: `Node ${process.version}`,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model ?? 'unknown processor',
    cores: `${availableParallelism()} cores`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GB`,
  };
}

function heading(text: string, width: number): string {
  return styleText('bold', text.padEnd(width), { stream: process.stdout });
}

function heads(texts: readonly string[]): string {
  return styleText('dim', columns(texts), { stream: process.stdout });
}

function columns(texts: readonly string[]): string {
  return texts.map((text) => text.padStart(14)).join('');
}
