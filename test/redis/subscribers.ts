import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { encodeArtifact } from '../../src/registry/artifact-blob.ts';
import type { PushItem } from '../../src/registry/registry.ts';
import type { RedisServer } from './servers/server.ts';

const PROGRAM = fileURLToPath(new URL('subscribers.program.ts', import.meta.url));

export const FOLLOWED = 'followed';

/** What such a program tells when all of its instances have a version. */
export interface AllAt {
  readonly version: number;
  /** When each instance had it, ms since the epoch of the clock. */
  readonly at: readonly number[];
}

/** Programs whose instances all follow one function. */
export interface Subscribers extends AsyncDisposable {
  /** When each of them had a version, ms since the epoch of the clock. */
  all(version: number): Promise<number[]>;
}

export async function startSubscribers(
  url: string,
  { processes, each }: { readonly processes: number; readonly each: number },
): Promise<Subscribers> {
  const children = Array.from({ length: processes }, () => fork(PROGRAM, [url, `${each}`]));
  const subscribers = children.map((child) => new Arrivals(child));
  const all = async (version: number): Promise<number[]> =>
    (await Promise.all(subscribers.map((one) => one.all(version)))).flat();
  return {
    all,
    async [Symbol.asyncDispose]() {
      await Promise.all(children.map(stop));
    },
  };
}

/** A version of the followed function whose artifact takes about `bytes` on the wire. */
export function followedItem(bytes: number): PushItem {
  // Hexadecimal text is twice as long, and compresses to about half.
  const code = `($scatter) => () => '${randomBytes(bytes).toString('hex')}'`;
  const origin = { source: code.slice(0, 40), map: '', captured: [] };
  const artifact = { format: 1, code, links: [], requires: [], origin };
  return { name: FOLLOWED, ...encodeArtifact(artifact), requires: [], format: 1 };
}

/** Bytes that a server has sent and received so far. */
export async function wireBytes(server: RedisServer): Promise<{ sent: number; received: number }> {
  const info = String(await server.command('INFO', 'stats'));
  const read = (field: string) => Number(new RegExp(`^${field}:(\\d+)`, 'm').exec(info)?.[1]);
  return { sent: read('total_net_output_bytes'), received: read('total_net_input_bytes') };
}

class Arrivals {
  readonly #seen = new Map<number, PromiseWithResolvers<number[]>>();

  constructor(child: ChildProcess) {
    child.on('message', ({ version, at }: AllAt) => this.#of(version).resolve([...at]));
    child.once('exit', (code, signal) => {
      const failure = new Error(`the subscribers ended with ${signal ?? code}`);
      for (const waiting of this.#seen.values()) waiting.reject(failure);
    });
  }

  all(version: number): Promise<number[]> {
    return this.#of(version).promise;
  }

  #of(version: number): PromiseWithResolvers<number[]> {
    const waiting = this.#seen.get(version) ?? Promise.withResolvers<number[]>();
    this.#seen.set(version, waiting);
    return waiting;
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.disconnect();
  await ended;
}
