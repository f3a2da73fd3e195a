import { type Change, tell, tellTallies } from './account.ts';
import type { Cast } from './cast.ts';
import type { Step } from './reports.ts';

const TELLS_PER_STEP = 2;
const TELL_EVERY_MS = 750;

/** What is published, in this order, and what it is called in the account. */
const STEPS: readonly { step: Step; what: string }[] = [
  { step: 'version 1', what: 'version 1, discount by pieces' },
  { step: 'version 2', what: 'version 2, discount by value' },
  { step: 'version 3', what: 'version 3, which throws' },
  { step: 'rollback', what: 'rollback to version 2' },
];

/** Publishes one step after the other under load, and adds to `changes` how fast each was served. */
export async function playStory(cast: Cast, changes: Change[]): Promise<void> {
  await cast.until('all programs to start', () =>
    cast.programs.every((program) => program.of('ready').length > 0) ? true : undefined,
  );
  for (const { name, pid } of cast.programs) tell(name, `ready, process ${pid}`);
  for (const { step, what } of STEPS) {
    changes.push(await publish(cast, step, what));
    for (let n = 0; n < TELLS_PER_STEP; n += 1) {
      await cast.letRun(TELL_EVERY_MS);
      tellTallies(cast.servers);
    }
  }
}

async function publish(cast: Cast, step: Step, what: string): Promise<Change> {
  const { publisher, servers } = cast;
  const before = publisher.of('published').length;
  publisher.order({ order: 'publish', step });
  const published = await cast.until(`${what} to be published`, () =>
    publisher.of('published').at(before),
  );
  const { version, startedAt, finishedAt } = published;
  const pushMs = finishedAt - startedAt;
  tell('publisher', what, `${step === 'rollback' ? 'moved' : 'pushed'} in ${pushMs.toFixed(1)} ms`);
  if (step === 'version 3') tell('demo', 'its errors are its answers', 'they are not lost calls');
  // There is nothing to serve before the first version.
  if (step === 'version 1') for (const server of servers) server.order({ order: 'start' });
  const served = await Promise.all(
    servers.map(async (server) => {
      const { at } = await cast.until(`${server.name} to serve version ${version}`, () =>
        server.of('serving').find((seen) => seen.version === version && seen.at > startedAt),
      );
      tell(server.name, `serves version ${version}`, `${(at - startedAt).toFixed(1)} ms after`);
      return at - startedAt;
    }),
  );
  return { what, pushMs, firstMs: Math.min(...served), lastMs: Math.max(...served) };
}
