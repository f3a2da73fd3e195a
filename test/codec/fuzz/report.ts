import type { Finding } from './fuzz.ts';
import type { Growth } from './growth.ts';
import type { SlowestFrame, Tally } from './tally.ts';

const MOST_HEX = 8192;

/** All that a run has to say; plain data. */
export interface FuzzReport {
  readonly seed: number;
  readonly frames: number;
  readonly seconds: number;
  readonly targets: readonly TargetRow[];
  readonly types: Readonly<Record<string, number>>;
  readonly sizes: readonly SizeRow[];
  readonly slowest: SlowestFrame | undefined;
  readonly mostPerByte: number;
  readonly heap: { readonly before: number; readonly after: number };
  readonly growth: readonly Growth[];
}

interface TargetRow {
  readonly target: string;
  readonly frames: number;
  readonly passed: number;
  readonly mbPerSecond: number;
  readonly refused: Readonly<Record<string, number>>;
}

interface SizeRow {
  readonly from: number;
  readonly frames: number;
  readonly nsPerByte: number;
}

export function makeReport(
  run: Pick<FuzzReport, 'seed' | 'seconds' | 'heap' | 'growth'>,
  tally: Tally,
): FuzzReport {
  const targets = [...tally.targets].map(([target, { frames, passed, bytes, ms, refused }]) => {
    return { target, frames, passed, mbPerSecond: bytes / ms / 1000, refused: falling(refused) };
  });
  const sizes = [...tally.sizes]
    .sort(([one], [two]) => one - two)
    .map(([from, { frames, bytes, ms }]) => ({ from, frames, nsPerByte: (ms * 1e6) / bytes }));
  const frames = targets.reduce((sum, row) => sum + row.frames, 0);
  const { slowest, mostPerByte } = tally;
  return { ...run, frames, targets, types: falling(tally.types), sizes, slowest, mostPerByte };
}

/** The report as lines of text. */
export function reportLines(report: FuzzReport): string[] {
  const { seed, frames, seconds, slowest, heap } = report;
  return [
    `${frames} frames in ${seconds.toFixed(0)} s, seed ${seed}`,
    ...report.targets.flatMap(targetLines),
    'decoded types',
    ...Object.entries(report.types).map(([type, count]) => line(type, count)),
    'ns for a byte, by size of frame in bytes',
    ...report.sizes.map((row) => line(`from ${row.from}`, row.frames, row.nsPerByte)),
    'growth by 64: ns for a byte, in times of the smaller; memory for a byte',
    ...report.growth.map((row) =>
      line(row.family, row.nsPerByte, row.growth, row.memoryPerByte, row.outcome),
    ),
    `slowest: ${slowest?.ms.toFixed(1)} ms, frame ${slowest?.frame} of ${slowest?.bytes} bytes (${slowest?.target})`,
    `most memory of one frame: ${report.mostPerByte.toFixed(0)} bytes for each of its own`,
    `heap in use: ${megabytes(heap.before)} before, ${megabytes(heap.after)} after`,
  ];
}

export function findingLines(seed: number, { target, frame, hex, error }: Finding): string[] {
  const shown = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [
    `${target}: frame ${frame} of seed ${seed} fails; again with --seed ${seed} --from ${frame} --frames 1`,
    shown,
    hex.length > MOST_HEX ? `${hex.slice(0, MOST_HEX)}… (${hex.length / 2} bytes)` : hex,
  ];
}

function targetLines({ target, frames, passed, mbPerSecond, refused }: TargetRow): string[] {
  const share = `${((passed / frames) * 100).toFixed(1)} % passed, ${mbPerSecond.toFixed(1)} MB/s`;
  return [
    `${target}: ${frames} frames, ${share}`,
    ...Object.entries(refused).map(([reason, count]) => line(reason, count)),
  ];
}

function line(name: string, ...cells: readonly (number | string)[]): string {
  const shown = cells.map((cell) => (typeof cell === 'number' ? amount(cell) : `  ${cell}`));
  return `  ${name.slice(0, 44).padEnd(44)}${shown.join('')}`;
}

function amount(number: number): string {
  return (Number.isInteger(number) ? String(number) : number.toFixed(1)).padStart(11);
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MB`;
}

function falling(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([, one], [, two]) => two - one));
}
