import { ScatterError } from '../../errors.ts';
import { type ChangeSet, LOG_CAPACITY } from '../change-set.ts';
import type { Head } from '../registry.ts';
import { damaged } from '../stored-fields.ts';
import { COMMIT_SCRIPT, COMMIT_SHA } from './commit-script.ts';
import type { RedisArgument, RedisConnection } from './connection.ts';
import { type RedisKeys, versionField } from './keys.ts';
import { encodeEntry, markOf } from './log-entries.ts';
import { encodeAnswer, encodeHead, encodeState, encodeVersion } from './records.ts';

/** A server takes 1,048,576 words in one command, and hangs up on more. */
const MAX_ARGUMENTS = 1_000_000;

/** One write, planned on what was read. */
export interface Commit {
  /** The same for every try: a write that was done already answers as it did. */
  readonly id: string;
  /** The head as it was stored when the plan was made; undefined: there was none. */
  readonly expected: string | undefined;
  readonly generation: string;
  readonly changes: ChangeSet;
  readonly answer: unknown;
}

export type CommitOutcome =
  | { readonly state: 'written'; readonly unpublished: string }
  /** Somebody else wrote in between; nothing was written. */
  | { readonly state: 'stale' }
  /** An earlier try of this write was done, and answered this. */
  | { readonly state: 'done'; readonly answer: string };

/** Writes all of it or nothing, in one step. */
export async function commit(
  connection: RedisConnection,
  keys: RedisKeys,
  write: Commit,
): Promise<CommitOutcome> {
  const { functions, versions, artifacts, uses, log, commits } = keys;
  const names = [functions, versions, artifacts, uses, log, commits];
  const given = [names.length, ...names, ...commitArguments(keys, write)];
  checkSize(given, write);
  const reply = await evaluate(connection, given);
  const [state, detail = ''] = Array.isArray(reply) ? reply.map(String) : [];
  if (state === 'written') return { state, unpublished: detail };
  if (state === 'stale') return { state };
  return state === 'done' ? { state, answer: detail } : damaged('commit', state);
}

function checkSize(given: readonly RedisArgument[], { changes }: Commit): void {
  if (given.length <= MAX_ARGUMENTS) return;
  const { states, removed } = changes;
  const versions = removed.reduce((sum, one) => sum + one.versions.length, 0);
  throw new ScatterError(
    'SCATTER_ERR_VALUE_TOO_LARGE',
    `one write of ${states.length} functions and ${versions} removed versions is more than a Redis ` +
      'server takes at once; push fewer functions together, or remove old versions step by step',
  );
}

/** Bytes of blobs in a change. */
function blobBytes({ added }: ChangeSet): number {
  return added.reduce((sum, { blob }) => sum + blob.byteLength, 0);
}

async function evaluate(connection: RedisConnection, given: RedisArgument[]): Promise<unknown> {
  try {
    return await connection.call('EVALSHA', [COMMIT_SHA, ...given]);
  } catch (error) {
    // The server forgets scripts when it restarts, and on SCRIPT FLUSH.
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    return connection.call('EVAL', [COMMIT_SCRIPT, ...given]);
  }
}

function commitArguments({ channel }: RedisKeys, write: Commit): RedisArgument[] {
  const { id, expected = '', generation, changes, answer } = write;
  const { epoch, log, states, added, removed, at } = changes;
  const head: Head = { generation, epoch, mark: markOf(log.length, id) };
  return [
    id,
    expected,
    added.length > 0 ? 'grows' : 'same',
    encodeHead(head),
    encodeAnswer(answer),
    epoch,
    LOG_CAPACITY,
    channel,
    `${epoch} ${blobBytes(changes)}`,
    ...counted(log, (entry) => {
      const fields = encodeEntry(entry, generation, id);
      return [fields.length, ...fields];
    }),
    ...counted(states, (state) => [state.name, encodeState(state, at)]),
    ...counted(added, ({ info, blob }) => [
      versionField(info.name, info.version),
      encodeVersion(info),
      info.digest,
      blob,
    ]),
    ...counted(removed.flatMap(removedFields), (field) => [field]),
  ];
}

function removedFields({ name, versions }: ChangeSet['removed'][number]): string[] {
  return versions.map((version) => versionField(name, version));
}

function counted<T>(items: readonly T[], parts: (item: T) => RedisArgument[]): RedisArgument[] {
  return [items.length, ...items.flatMap(parts)];
}
