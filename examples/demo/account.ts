import type { Program } from './program.ts';
import { lostOf, type Tally, wallClock } from './reports.ts';

const startedAt = wallClock();

const NOTHING_YET: Tally = { calls: 0, right: {}, wrong: 0, slowestMs: 0, troubles: [] };

/** How fast a version that a push or a rollback made live was served, in ms from the start of that. */
export interface Change {
  readonly what: string;
  readonly pushMs: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** One line of the running account. */
export function tell(who: string, what: string, details = ''): void {
  const at = ((wallClock() - startedAt) / 1000).toFixed(2).padStart(6);
  console.log(`${at} s  ${who.padEnd(10)} ${what.padEnd(34)} ${details}`.trimEnd());
}

export function tellTallies(servers: readonly Program[]): void {
  for (const server of servers) {
    const tally = lastTally(server);
    if (tally !== undefined) tell(server.name, `${tally.calls} calls so far`, describe(tally));
  }
}

/** The end of the account. @returns how many calls were lost, as far as the servers told */
export function summarise(servers: readonly Program[], changes: readonly Change[]): number {
  console.log(`\n${'from the start of the push'.padEnd(32)} to its end  to first server  to last`);
  for (const { what, pushMs, firstMs, lastMs } of changes) {
    const [push, first, last] = [pushMs, firstMs, lastMs].map((ms) => `${ms.toFixed(1)} ms`);
    console.log(
      `${what.padEnd(32)} ${push?.padStart(10)} ${first?.padStart(16)} ${last?.padStart(8)}`,
    );
  }
  console.log('');
  for (const server of servers) summariseServer(server);
  console.log(
    '\nErrors of version 3 are its answers: it throws, and each of its callers was told so, by\n' +
      'version 3. Lost is a call that did not settle, or not with exactly what its version gives.',
  );
  const lost = servers.reduce((sum, server) => sum + lostOf(lastTally(server) ?? NOTHING_YET), 0);
  return lost;
}

function summariseServer(server: Program): void {
  const tally = lastTally(server) ?? NOTHING_YET;
  console.log(`${server.name.padEnd(10)} ${`${tally.calls} calls`.padEnd(12)} ${describe(tally)}`);
  console.log(`           slowest call ${tally.slowestMs.toFixed(1)} ms`);
  for (const trouble of tally.troubles) console.log(`           ${trouble}`);
}

function lastTally(server: Program): Tally | undefined {
  return server.of('tally').at(-1)?.tally;
}

function describe({ right, wrong }: Tally): string {
  const byVersion = [1, 2, 3].map((version) => `v${version} ${right[version] ?? 0}`).join('  ');
  return `${byVersion}   errors ${right[3] ?? 0}   wrong ${wrong}`;
}
