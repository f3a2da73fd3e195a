/** How the tests of errors ask, and what every error has to be like. */
import assert from 'node:assert/strict';
import { type ErrorCode, isScatterError, type ScatterError } from '../../src/errors.ts';
import type { RedisOptions } from '../../src/registry/redis/address.ts';
import { openRedis } from '../../src/registry/redis.ts';
import type { Registry } from '../../src/registry/registry.ts';
import { item, request } from '../contract/push-requests.ts';

/** Stands in every url and option of a user; no message may have it. */
export const PASSWORD = 'hunter2';

export interface Told {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  /** What the server or the network says, and the advice. */
  readonly says: RegExp;
}

/** A registry that closes itself at the end of the block. */
export function registryAt(
  url: string,
  redis: RedisOptions = {},
  onWarning: (message: string) => void = () => undefined,
): Registry & AsyncDisposable {
  const registry = openRedis(url, 'default', { redis, onWarning });
  return Object.assign(registry, { [Symbol.asyncDispose]: () => registry.close() });
}

/** Pushes one function; its version. */
export async function pushOne(registry: Registry, content = 'a'): Promise<number | undefined> {
  const [made] = await registry.push(request([item('one', content)]));
  return made?.version;
}

/** The error of a push, after a wait that is not longer than it may be. */
export async function refusalOfPush(registry: Registry): Promise<ScatterError> {
  return refusalOf(pushOne(registry, 'never written'));
}

export async function refusalOf(work: Promise<unknown>): Promise<ScatterError> {
  // The adapter gives up after about 9 s; a busy machine may take its time.
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('no error within 30 s')), 30_000);
  try {
    const done = await Promise.race([work, promise]);
    assert.fail(`it was done: ${JSON.stringify(done)}`);
  } catch (error) {
    if (isScatterError(error)) return error;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** What was being done, to which registry, what came of it and what to do, and no secret. */
export function assertTold(
  error: ScatterError | undefined,
  doing: 'reading' | 'writing',
  registry: Registry,
  { code, retryable, says }: Told,
): void {
  assert.ok(error !== undefined);
  const { message } = error;
  assert.deepEqual([error.code, error.retryable], [code, retryable], message);
  const [what = '', next = ''] = message.split('; ', 2);
  assert.ok(what.startsWith(`${doing} the registry ${registry.url} failed: `), message);
  assert.match(message, says);
  assert.notEqual(next, '');
  assert.doesNotMatch(message, /[.\s]$|\n|hunter2|@user_script|Please/);
}
