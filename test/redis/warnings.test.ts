/** What about a server endangers a registry is told, each thing once. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Registry } from '../../src/registry/registry.ts';
import { startProxy } from './servers/proxy.ts';
import { persistent, type RedisServer, type ServerOptions, startRedis } from './servers/server.ts';
import { until } from './servers/until.ts';
import { PASSWORD, pushOne, registryAt } from './told.ts';

const EVICTS = 'it may evict functions when its memory is full';
const FORGETS = 'it keeps nothing on disk, and a restart loses all functions';

const SETTINGS: readonly (readonly [config: ServerOptions['config'], warnings: string[]])[] = [
  [{ save: '' }, [FORGETS]],
  [{ save: '3600 1' }, []],
  [persistent, []],
  [{ ...persistent, maxmemory: '1gb', 'maxmemory-policy': 'allkeys-lru' }, [EVICTS]],
  [{ ...persistent, maxmemory: '1gb', 'maxmemory-policy': 'volatile-lru' }, []],
  [{ ...persistent, maxmemory: '0', 'maxmemory-policy': 'allkeys-lru' }, []],
  [{ save: '', maxmemory: '1gb', 'maxmemory-policy': 'allkeys-random' }, [EVICTS, FORGETS]],
];

describe('the settings of a server', () => {
  for (const [config = {}, expected] of SETTINGS) {
    it(`${JSON.stringify(config)} are worth ${expected.length} warnings`, async () => {
      await using server = await startRedis({ config });
      const { registry, warnings } = listening(server.url);
      await using _ = registry;
      await settled(registry);
      await reconnect(server, registry);
      assert.deepEqual(warnings.map(shortened), expected);
      for (const warning of warnings) {
        assert.ok(warning.startsWith(`the registry ${server.url}: `), warning);
        assert.match(warning, /: set appendonly yes, or save$|; set it to noeviction$/);
      }
    });
  }

  it('that may not be asked for are worth none', async () => {
    await using server = await startRedis({ config: { save: '' } });
    for (const rules of [['-info'], ['-config'], ['-info', '-config']]) {
      const { registry, warnings } = listening(await urlOf(server, ['&*', ...rules]));
      await using _ = registry;
      await settled(registry);
      assert.deepEqual(warnings, []);
    }
  });

  it('are asked for again when the first connection broke meanwhile', async () => {
    await using server = await startRedis({ config: { save: '' } });
    await using proxy = await startProxy(server);
    const { registry, warnings } = listening(proxy.url);
    await using _ = registry;
    proxy.slow({ delayMs: 20 });
    const asked = registry.head();
    await until('a connection', () => proxy.bytes.toClient > 0 || undefined);
    proxy.cut();
    await asked;
    await proxy.heal();
    await settled(registry);
    await until('the warning', () => warnings.length > 0 || undefined);
    assert.deepEqual(warnings.map(shortened), [FORGETS]);
  });
});

describe('a channel that may not be heard', () => {
  it('is told once, and changes are read all the same', async () => {
    await using server = await startRedis({ config: persistent });
    const { registry, warnings } = listening(await urlOf(server, ['resetchannels']));
    await using _ = registry;
    const unwatch = registry.watch(() => undefined);
    const head = await registry.head();
    await until('the warning', () => warnings.length > 0 || undefined);
    await reconnect(server, registry);
    await using all = registryAt(server.url);
    await pushOne(all);
    assert.deepEqual((await registry.changes(head)).names, ['one']);
    assert.match(
      warnings[0] ?? '',
      /: changes are seen by polling only, seconds late: .*allow the/,
    );
    assert.equal(warnings.length, 1);
    unwatch();
  });
});

function listening(url: string): { registry: Registry & AsyncDisposable; warnings: string[] } {
  const warnings: string[] = [];
  return { registry: registryAt(url, {}, (message) => warnings.push(message)), warnings };
}

/** The url of a user that may do all but what the rules take away. */
async function urlOf(server: RedisServer, rules: readonly string[]): Promise<string> {
  const all = ['reset', 'on', `>${PASSWORD}`, '~*', '+@all'];
  await server.command('ACL', 'SETUSER', 'user', ...all, ...rules);
  return server.url.replace('//', `//user:${PASSWORD}@`);
}

/** Answers come in order: after these, the few questions about the server are answered, too. */
async function settled(registry: Registry): Promise<void> {
  for (let n = 0; n < 10; n++) await registry.head();
}

async function reconnect(server: RedisServer, registry: Registry): Promise<void> {
  await server.command('CLIENT', 'KILL', 'SKIPME', 'yes');
  await settled(registry);
}

/** What is wrong, without the registry before it and the advice behind it. */
function shortened(warning: string): string {
  return warning.replace(/^the registry \S+: /, '').replace(/: .*$/, '');
}
