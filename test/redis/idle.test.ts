/** Nothing of a Redis registry keeps a program alive, and nothing of it is left after close(). */
import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { RedisOptions } from '../../src/registry/redis/address.ts';
import { startCluster } from './servers/cluster.ts';
import { startProxy } from './servers/proxy.ts';
import { startSentinelGroup } from './servers/sentinel.ts';
import { startRedis } from './servers/server.ts';
import { startTlsRedis } from './servers/tls.ts';
import { until } from './servers/until.ts';

interface Place extends AsyncDisposable {
  readonly url: string;
  readonly redis?: RedisOptions;
  /** Takes the servers away. */
  leave(): Promise<unknown>;
}

const PLACES: Readonly<Record<string, () => Promise<Place>>> = {
  'one server': async () => {
    const server = await startRedis();
    return placeOf(server, { url: server.url, leave: () => server.kill() });
  },
  'one server by TLS': async () => {
    const server = await startTlsRedis();
    const redis = { tls: { ca: server.ca } };
    return placeOf(server, { url: server.url, redis, leave: () => server.kill() });
  },
  'a server behind a sentinel': async () => {
    const group = await startSentinelGroup();
    const servers = [group.sentinel, group.replica, group.master];
    const leave = () => Promise.all(servers.map((server) => server.kill()));
    return placeOf(group, { url: `${group.sentinel.url}?sentinel=${group.name}`, leave });
  },
  'a cluster': async () => {
    const cluster = await startCluster();
    const leave = () => Promise.all(cluster.nodes.map((node) => node.kill()));
    return placeOf(cluster, { url: `${cluster.urls[0]}?cluster`, leave });
  },
  'a network that swallows everything': async () => {
    const server = await startRedis();
    const proxy = await startProxy(server);
    const place = placeOf(server, { url: proxy.url, leave: async () => proxy.stall() });
    return { ...place, [Symbol.asyncDispose]: () => proxy.close().then(() => server.stop()) };
  },
};

describe('a program that has nothing more to do', { concurrency: true }, () => {
  for (const [name, start] of Object.entries(PLACES)) {
    it(`ends by itself with ${name}`, async () => {
      await using place = await start();
      const program = run('idle.program.ts', place);
      await program.said('double: 42\n');
      assert.equal(await program.ended(), 0);
    });

    it(`ends by itself with ${name}, while that is away`, async () => {
      await using place = await start();
      const program = run('idle.program.ts', place);
      await program.said('double: 42\n');
      await place.leave();
      await program.said('warning: the registry does not answer');
      assert.equal(await program.ended(), 0);
    });
  }
});

describe('close()', { concurrency: true }, () => {
  for (const [name, start] of Object.entries(PLACES)) {
    it(`leaves no sockets and no timers of ${name}`, async () => {
      await using place = await start();
      const program = run('close.program.ts', place);
      await program.said('pushed\n');
      assert.equal(await program.ended(), 0);
      await program.said('left: \n');
    });

    it(`leaves no sockets and no timers of ${name}, while that is away`, async () => {
      await using place = await start();
      const program = run('close.program.ts', place);
      await program.said('pushed\n');
      await place.leave();
      assert.equal(await program.ended(), 0);
      await program.said('left: \n');
    });
  }
});

function placeOf(disposable: AsyncDisposable, place: Omit<Place, keyof AsyncDisposable>): Place {
  return { ...place, [Symbol.asyncDispose]: () => disposable[Symbol.asyncDispose]() };
}

interface Program {
  /** Resolves when it has said this. */
  said(text: string): Promise<void>;
  /** Gives it nothing more to do; resolves to its exit code. */
  ended(): Promise<number | null>;
}

function run(file: string, { url, redis = {} }: Place): Program {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(process.execPath, [path, url, JSON.stringify(redis)]);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return {
    async said(text) {
      try {
        await until(text, () => output.includes(text) || undefined);
      } catch (cause) {
        child.kill('SIGKILL');
        throw new Error(`it said: ${output}`, { cause });
      }
    },
    async ended() {
      child.stdin.end();
      return codeOf(child);
    },
  };
}

/** Null for one that had to be killed. */
async function codeOf(child: ChildProcessWithoutNullStreams): Promise<number | null> {
  const deadline = setTimeout(() => child.kill('SIGKILL'), 30_000);
  await until('its end', () => child.exitCode ?? child.signalCode ?? undefined, {
    withinMs: 60_000,
  });
  clearTimeout(deadline);
  return child.exitCode;
}
