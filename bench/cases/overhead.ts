import { Piscina } from 'piscina';
import { createScatter, type Scatter, type ScatterFunction } from '../../src/index.ts';
import { type Case, measure, median, medianRatio, type Round } from '../measure.ts';
import { type GroupResult, rounded, summarize } from '../report.ts';

const ARGUMENT = {
  id: 1,
  name: 'hello world',
  tags: ['a', 'b', 'c'],
  nested: { x: 1.5, y: true },
};
const IN_FLIGHT = 256;

type Echo = (value: unknown) => unknown;
interface Peers {
  readonly plain: Piscina;
  readonly wide: readonly { readonly mode: string; readonly pool: Piscina }[];
}

/** What a call costs beside a task of a bare thread pool that hands back the same object. */
export async function measureOverhead(quick: boolean): Promise<GroupResult> {
  const scatter = createScatter({ url: 'memory:', pool: { threads: 1 } });
  const peers = createPeers();
  try {
    const cases = await listCases(scatter, peers, quick ? 50 : 1);
    const rounds = await measure(
      cases,
      quick ? { warm: 1, measured: 3 } : { warm: 5, measured: 7 },
    );
    return {
      cases: [...rounds].map(([name, ofCase]) => summarize(name, ofCase)),
      ratios: compare(rounds, peers),
    };
  } finally {
    await scatter.close();
    for (const { pool } of peers.wide) await pool.destroy();
    await peers.plain.destroy();
  }
}

function createPeers(): Peers {
  const filename = new URL('../noop.ts', import.meta.url).href;
  const one = { filename, minThreads: 1, maxThreads: 1 };
  const wide = (['sync', 'disabled'] as const).map((mode) => ({
    mode,
    pool: new Piscina({ ...one, concurrentTasksPerWorker: 64, atomics: mode }),
  }));
  return { plain: new Piscina(one), wide };
}

/** `share`: by how much rounds are shorter than they should be. */
async function listCases(scatter: Scatter, peers: Peers, share: number): Promise<Case[]> {
  const echo: ScatterFunction<Echo> = await openEcho(scatter);
  const { pids } = await scatter.stats();
  const fresh = echo.with({ limits: { freshIsolate: true } });
  const [one, many, inline, few] = [1500, 8000, 4000, 150].map((calls) => Math.ceil(calls / share));
  const sequential = { calls: one ?? 1, inFlight: 1 };
  const wide = { calls: many ?? 1, inFlight: IN_FLIGHT };
  return [
    { ...sequential, name: 'scatter, sequential', call: () => echo(ARGUMENT), pids },
    {
      name: 'scatter, freshIsolate',
      calls: few ?? 1,
      inFlight: 1,
      call: () => fresh(ARGUMENT),
      pids,
    },
    { ...sequential, name: 'piscina, sequential', call: () => peers.plain.run(ARGUMENT) },
    {
      name: 'scatter, callSync',
      calls: inline ?? 1,
      inFlight: 0,
      call: () => echo.callSync(ARGUMENT),
    },
    { ...wide, name: 'scatter, 256 in flight', call: () => echo(ARGUMENT), pids },
    ...peers.wide.map(({ mode, pool }) => ({
      ...wide,
      name: wideName(mode),
      call: () => pool.run(ARGUMENT),
    })),
  ];
}

async function openEcho(scatter: Scatter): Promise<ScatterFunction<Echo>> {
  const tracked = scatter.track((value: unknown) => value, { name: 'echo' });
  await tracked.push();
  return scatter.get<Echo>('echo', { trusted: true });
}

function compare(rounds: ReadonlyMap<string, Round[]>, peers: Peers): GroupResult['ratios'] {
  const of = (name: string): Round[] => rounds.get(name) ?? [];
  const bare = of('piscina, sequential');
  const ours = of('scatter, 256 in flight');
  // The peer is taken at its best.
  const [best = []] = peers.wide
    .map(({ mode }) => of(wideName(mode)))
    .sort((a, b) => median(b.map(opsPerSec)) - median(a.map(opsPerSec)));
  const ratios = {
    callSeqP50VsPiscina: medianRatio(of('scatter, sequential'), bare, p50Us),
    callThroughputVsPiscina: medianRatio(ours, best, opsPerSec),
    callCpuVsPiscina: medianRatio(ours, best, (round) => round.cpuUsPerCall),
    freshIsolateP50VsCall: medianRatio(
      of('scatter, freshIsolate'),
      of('scatter, sequential'),
      p50Us,
    ),
    callSyncP50VsPiscina: medianRatio(of('scatter, callSync'), bare, p50Us),
  };
  // Where the system does not tell a process's time there is no ratio of it.
  const known = Object.entries(ratios).filter(([, ratio]) => Number.isFinite(ratio));
  return Object.fromEntries(known.map(([name, ratio]) => [name, rounded(ratio)]));
}

function wideName(mode: string): string {
  return `piscina (${mode}), 256 in flight`;
}

function p50Us(round: Round): number {
  return round.p50Us;
}

function opsPerSec(round: Round): number {
  return round.opsPerSec;
}
