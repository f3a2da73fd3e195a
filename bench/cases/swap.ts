import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createScatter, type Scatter, type ScatterFunction } from '../../src/index.ts';
import { quantile } from '../measure.ts';
import { type CaseResult, type GroupResult, rounded } from '../report.ts';

const FOLLOWERS = 3;
const LATE_MS = 10_000;

type Numbered = () => number;

/** From the start of a push to the first and to the last of some instances serving it. */
export async function measureSwap(quick: boolean): Promise<GroupResult> {
  const folder = mkdtempSync(join(tmpdir(), 'scatter-bench-'));
  try {
    const pushes = quick ? 3 : 40;
    const memory = await measureRegistry('memory', 'memory:bench-swap', pushes);
    const sqlite = await measureRegistry('sqlite', `sqlite:${join(folder, 'swap.db')}`, pushes);
    // The one that reaches other processes counts.
    return {
      cases: [...memory, ...sqlite],
      ratios: { swapP99Ms: rounded((sqlite[1]?.p99Us ?? 0) / 1000) },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureRegistry(kind: string, url: string, pushes: number): Promise<CaseResult[]> {
  await using author = createScatter({ url, pool: { threads: 1 } });
  await author.track(() => 0, { name: 'numbered' }).push();
  const followers = Array.from({ length: FOLLOWERS }, () =>
    createScatter({ url, pool: { threads: 1 } }),
  );
  try {
    const handles = await Promise.all(followers.map((one) => one.get<Numbered>('numbered')));
    const first = new Float64Array(pushes);
    const last = new Float64Array(pushes);
    const started = performance.now();
    for (let index = 0; index < pushes; index += 1) {
      const times = await timePush(author, handles, index + 1);
      first[index] = Math.min(...times);
      last[index] = Math.max(...times);
    }
    const elapsedMs = performance.now() - started;
    return [
      resultOf(`${kind}, first of ${FOLLOWERS} instances`, first, elapsedMs),
      resultOf(`${kind}, last of ${FOLLOWERS} instances`, last, elapsedMs),
    ];
  } finally {
    await Promise.all(followers.map((follower) => follower.close()));
  }
}

/** How long each instance took to answer with the new version, µs. */
async function timePush(
  author: Scatter,
  handles: readonly ScatterFunction<Numbered>[],
  answer: number,
): Promise<number[]> {
  const next = author.track(() => answer, { name: 'numbered' });
  const started = performance.now();
  const served = handles.map(async (handle) => {
    await swapped(handle);
    const given = await handle();
    if (given !== answer) throw new Error(`the new version answered ${given}, not ${answer}`);
    return (performance.now() - started) * 1000;
  });
  const [times] = await Promise.all([Promise.all(served), next.push()]);
  return times;
}

function swapped(handle: ScatterFunction<Numbered>): Promise<void> {
  return new Promise((resolve, reject) => {
    // Also what keeps this program alive: handles that follow do not.
    const late = setTimeout(() => reject(new Error('the push did not arrive')), LATE_MS);
    const listener = (): void => {
      handle.off('swap', listener);
      clearTimeout(late);
      resolve();
    };
    handle.on('swap', listener);
  });
}

function resultOf(name: string, latencies: Float64Array, elapsedMs: number): CaseResult {
  latencies.sort();
  return {
    case: name,
    p50Us: rounded(quantile(latencies, 0.5)),
    p99Us: rounded(quantile(latencies, 0.99)),
    opsPerSec: rounded((latencies.length / elapsedMs) * 1000),
    samples: latencies.length,
  };
}
