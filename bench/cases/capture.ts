import { capture } from '../../src/capture/index.ts';
import type { AnyFunction } from '../../src/index.ts';
import { Programs, REACHED } from '../capture/program.ts';
import { type Case, measure, median, type Round, type RoundCounts } from '../measure.ts';
import { type GroupResult, rounded, summarize } from '../report.ts';

const UNCHANGED = 1000;
const AWAITS = 20_000;
const rate = 1.19;
const gross = (net: number) => net * rate;

/** What it costs to make artifacts, without esbuild: no package is in them. */
export async function measureCapture(quick: boolean): Promise<GroupResult> {
  const counts = quick ? { warm: 0, measured: 1 } : { warm: 2, measured: 7 };
  const programs = new Programs();
  try {
    // Before anything was captured in this process.
    const before = await awaitRounds(counts);
    await capture(gross);
    const after = await awaitRounds(counts);
    const { root } = await programs.next();
    const rounds = await measure(cases(root, quick), counts);
    const fresh = await freshRounds(programs, quick ? 1 : 9);
    const all = new Map([
      ...rounds,
      [FRESH, fresh],
      [`${AWAITS} awaits, before`, before],
      [`${AWAITS} awaits, after`, after],
    ]);
    return {
      cases: Array.from(all, ([name, numbers]) => summarize(name, numbers)),
      ratios: {
        captureSmallP50Ms: msOf(rounds.get('a small function, again')),
        captureFreshP50Ms: msOf(fresh),
        captureAgainP50Ms: msOf(rounds.get(AGAIN)),
        captureUnchangedMs: msOf(rounds.get(ALL)),
        awaitAfterVsBefore: rounded(p50(after) / p50(before)),
      },
    };
  } finally {
    programs.remove();
  }
}

const FRESH = `${REACHED} functions, 20 new modules`;
const AGAIN = `${REACHED} functions, 20 modules, again`;
const ALL = `${UNCHANGED} unchanged functions, again`;

function cases(root: AnyFunction, quick: boolean): Case[] {
  const unchanged = Array.from({ length: UNCHANGED }, (_, index) => {
    const limit = { least: index };
    return (net: number) => Math.max(limit.least, gross(net));
  });
  return [
    {
      name: 'a small function, again',
      calls: quick ? 2 : 200,
      inFlight: 1,
      call: () => capture(gross),
    },
    { name: AGAIN, calls: quick ? 1 : 10, inFlight: 1, call: () => capture(root) },
    {
      name: ALL,
      calls: 1,
      inFlight: 1,
      call: () => Promise.all(unchanged.map((fn) => capture(fn))),
    },
  ];
}

/** A program can be new only once, so each round has one of its own. */
async function freshRounds(programs: Programs, count: number): Promise<Round[]> {
  const rounds: Round[] = [];
  for (let round = 0; round < count; round += 1) {
    const { root } = await programs.next();
    const numbers = await measure(
      [{ name: FRESH, calls: 1, inFlight: 1, call: () => capture(root) }],
      { warm: 0, measured: 1 },
    );
    rounds.push(...(numbers.get(FRESH) ?? []));
  }
  return rounds;
}

/** A debugger that was left on would show in what the program's own promises cost. */
async function awaitRounds({ measured }: RoundCounts): Promise<Round[]> {
  const many = async (): Promise<void> => {
    for (let index = 0; index < AWAITS; index += 1) await undefined;
  };
  const subject = { name: `${AWAITS} awaits`, calls: 10, inFlight: 1, call: many };
  const rounds = await measure([subject], { warm: 2, measured });
  return rounds.get(subject.name) ?? [];
}

function p50(rounds: readonly Round[] | undefined): number {
  return median((rounds ?? []).map((round) => round.p50Us));
}

function msOf(rounds: readonly Round[] | undefined): number {
  return rounded(p50(rounds) / 1000);
}
