import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ScatterError } from '../../errors.ts';
import type { VersionInfo } from '../../model/version.ts';
import type { Found, Moment, Plan } from '../change-set.ts';
import type { FunctionState } from '../function-state.ts';
import { damaged, parseStored } from '../stored-fields.ts';
import { commit } from './commit.ts';
import type { RedisConnection } from './connection.ts';
import { HEAD_FIELD, type RedisKeys, versionField } from './keys.ts';
import { readVersions, textOf } from './reads.ts';
import { decodeHead, decodeState, EMPTY_GENERATION } from './records.ts';

/** How long a write is planned anew while others are faster, in ms. */
const PATIENCE_MS = 30_000;
const LONGEST_PAUSE_MS = 50;

/** Of what a push answered: a record for each of its functions, in UTF-16 units. */
const MAX_ANSWER_LENGTH = 256_000_000;

/** A write to be planned on what is there, as often as that changes before it is done. */
export interface RedisWrite<T> {
  /** The same for every try. */
  readonly id: string;
  readonly author: string;
  /** Functions that the plan needs to see. */
  readonly names: readonly string[];
  /** Beside `latest`, whose record it needs to see. */
  readonly alsoRead?: (state: FunctionState) => number;
  plan(view: WriteView, moment: Moment): Plan<T>;
  /** What an earlier try answered, from JSON. */
  revive(answer: unknown): T;
  onUnpublished(reason: string): void;
}

/** What a plan is made on. */
export interface WriteView {
  find(name: string): Found | undefined;
  version(name: string, version: number): VersionInfo | undefined;
}

interface Read extends WriteView {
  readonly head: string | undefined;
  readonly done: string | undefined;
}

/** @throws ScatterError `REGISTRY_UNREACHABLE` when others write all the time; what the plan throws */
export async function writeTo<T>(
  connection: RedisConnection,
  keys: RedisKeys,
  write: RedisWrite<T>,
): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  for (let pause = 1; performance.now() < end; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    const written = await tryWrite(connection, keys, write);
    if (written !== undefined) return written.answer;
    // Random, or those who met would meet again.
    await delay(Math.random() * pause);
  }
  const shown = write.names
    .slice(0, 3)
    .map((name) => `\`${name}\``)
    .join(', ');
  throw new ScatterError(
    'SCATTER_ERR_REGISTRY_UNREACHABLE',
    `${write.author} cannot write ${shown}: others write to this namespace all the time; try again ` +
      'when there is less going on',
  );
}

async function tryWrite<T>(
  connection: RedisConnection,
  keys: RedisKeys,
  write: RedisWrite<T>,
): Promise<{ answer: T } | undefined> {
  const read = await readFor(connection, keys, write);
  if (read.done !== undefined) return { answer: revived(write, read.done) };
  const { generation, epoch } = decodeHead(read.head);
  const moment = { epoch: epoch + 1, at: new Date(), author: write.author };
  const { answer, changes } = write.plan(read, moment);
  if (changes === undefined) return { answer };
  const outcome = await commit(connection, keys, {
    id: write.id,
    expected: read.head,
    generation: generation === EMPTY_GENERATION ? randomUUID() : generation,
    changes,
    answer,
  });
  if (outcome.state === 'stale') return undefined;
  if (outcome.state === 'done') return { answer: revived(write, outcome.answer) };
  if (outcome.unpublished !== '') write.onUnpublished(outcome.unpublished);
  return { answer };
}

// The states and the head come from one command. That the rest belongs to them is checked when the
// plan is written: then the head must be the same still. Whether an earlier try was done is asked
// after them: they might show what it did.
async function readFor<T>(
  connection: RedisConnection,
  keys: RedisKeys,
  { id, names, alsoRead }: RedisWrite<T>,
): Promise<Read> {
  const reply = await connection.call('HMGET', [keys.functions, HEAD_FIELD, ...names]);
  if (!Array.isArray(reply)) return damaged('functions', reply);
  const [head, ...stored] = reply.map(textOf);
  const states = new Map<string, FunctionState>();
  for (const [i, name] of names.entries()) {
    const text = stored[i];
    if (text !== undefined) states.set(name, decodeState(name, text));
  }
  const wanted = [...states.values()].flatMap((state) => {
    const numbers = [state.latest, alsoRead?.(state) ?? 0].filter((number) => number > 0);
    return numbers.map((version) => ({ name: state.name, version }));
  });
  const read = await readVersions(connection, keys, wanted);
  const infos = new Map(read.map((info) => [versionField(info.name, info.version), info]));
  const done = textOf(await connection.call('HGET', [keys.commits, id]));
  const version = (name: string, number: number) => infos.get(versionField(name, number));
  return {
    head,
    done,
    version,
    find(name) {
      const state = states.get(name);
      return state && { state, latest: version(name, state.latest) };
    },
  };
}

function revived<T>({ revive }: RedisWrite<T>, answer: string): T {
  return revive(parseStored('commits', answer, MAX_ANSWER_LENGTH));
}
