import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ScatterOptions } from '../../src/index.ts';

const PROGRAM = fileURLToPath(new URL('cached.program.ts', import.meta.url));

/** A program that serves `price`. */
export interface CachedProgram extends AsyncDisposable {
  /** What calling it gives, or the error. */
  call(): Promise<{ result?: number; version?: number; code?: string; message?: string }>;
  pull(): Promise<{ code?: string }>;
  stats(): Promise<{ reachable: boolean; cacheSince?: string; epoch: number } | null>;
  logged(): Promise<string[]>;
  /** Ends it in order. Rejects if it did not end well. */
  end(): Promise<void>;
}

export function startCached(
  options: Pick<ScatterOptions, 'url' | 'namespace' | 'cacheDir' | 'snapshot'>,
): CachedProgram {
  const child = fork(PROGRAM, [JSON.stringify(options)], {
    env: { ...process.env, SCATTER_SNAPSHOT: '' },
  });
  const ended = once(child, 'exit');
  const ask = async <T>(what: string): Promise<T> => {
    const answer = once(child, 'message');
    child.send(what);
    const [told] = await Promise.race([answer, ended.then(() => [new Error('it ended')])]);
    if (told instanceof Error) throw told;
    return told as T;
  };
  const end = async (): Promise<void> => {
    if (child.connected) child.disconnect();
    const [code, signal] = await ended;
    if (code !== 0) throw new Error(`the program ended with ${signal ?? code}`);
  };
  return {
    call: () => ask('call'),
    pull: () => ask('pull'),
    stats: () => ask('stats'),
    logged: () => ask('logged'),
    end,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) await end();
    },
  };
}
