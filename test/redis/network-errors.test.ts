/** Networks and servers that do not answer, or answer something else, as a program meets them. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { describe, it } from 'node:test';
import { startProxy } from './servers/proxy.ts';
import { startSentinelGroup } from './servers/sentinel.ts';
import { startRedis } from './servers/server.ts';
import { startTlsRedis } from './servers/tls.ts';
import { until } from './servers/until.ts';
import { assertTold, PASSWORD, pushOne, refusalOf, refusalOfPush, registryAt } from './told.ts';

const INVALID = { code: 'SCATTER_ERR_CONFIG_INVALID', retryable: false } as const;
const UNREACHABLE = { code: 'SCATTER_ERR_REGISTRY_UNREACHABLE', retryable: true } as const;

describe('a server that cannot be reached', { concurrency: true }, () => {
  it('refuses connections: REGISTRY_UNREACHABLE, until it takes them', async () => {
    await using server = await startRedis();
    await using proxy = await startProxy(server);
    proxy.refuse();
    await using registry = registryAt(proxy.url.replace('//', `//user:${PASSWORD}@`));
    const told = { ...UNREACHABLE, says: /ECONNREFUSED .*; nothing listens there; start/ };
    assertTold(await refusalOfPush(registry), 'writing', registry, told);
    await server.command('ACL', 'SETUSER', 'user', 'on', `>${PASSWORD}`, '+@all', '~*', '&*');
    await proxy.heal();
    assert.equal(await pushOne(registry), 1);
    proxy.refuse();
    assertTold(await refusalOf(registry.list()), 'reading', registry, told);
    await proxy.heal();
    assert.equal((await registry.list()).length, 1);
  });

  it('has a name that nobody knows: REGISTRY_UNREACHABLE, which says so', async () => {
    await using registry = registryAt(`redis://user:${PASSWORD}@no-such-host.invalid`);
    const says = /(ENOTFOUND|EAI_AGAIN) no-such-host\.invalid; .*(its name|host name)/;
    assertTold(await refusalOfPush(registry), 'writing', registry, { ...UNREACHABLE, says });
  });

  it('accepts connections and never answers: REGISTRY_UNREACHABLE, until it does', async () => {
    await using server = await startRedis();
    await using proxy = await startProxy(server);
    proxy.stall();
    await using registry = registryAt(proxy.url);
    const told = { ...UNREACHABLE, says: /no answer; check host, port and firewall/ };
    assertTold(await refusalOfPush(registry), 'writing', registry, told);
    await proxy.heal();
    assert.equal(await pushOne(registry), 1);
  });

  it('falls silent on an open connection: REGISTRY_UNREACHABLE, until it is heard again', async () => {
    await using server = await startRedis();
    await using proxy = await startProxy(server);
    await using registry = registryAt(proxy.url);
    await pushOne(registry);
    proxy.stall();
    const refused = [refusalOfPush(registry), refusalOf(registry.list())];
    const told = { ...UNREACHABLE, says: /no answer; check host, port and firewall/ };
    const [ofPush, ofReading] = await Promise.all(refused);
    assertTold(ofPush, 'writing', registry, told);
    assertTold(ofReading, 'reading', registry, told);
    await proxy.heal();
    assert.equal(await pushOne(registry, 'b'), 2);
  });

  it('is stopped while it is used: REGISTRY_UNREACHABLE, until it goes on', async () => {
    await using server = await startRedis();
    await using registry = registryAt(server.url);
    await pushOne(registry);
    server.pause();
    const told = { ...UNREACHABLE, says: /no answer; check host, port and firewall/ };
    assertTold(await refusalOf(registry.list()), 'reading', registry, told);
    server.resume();
    assert.equal((await registry.list()).length, 1);
  });

  it('is no Redis: CONFIG_INVALID, which says so', async () => {
    const server = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
    const port = await until('a port', () => portOf(server.address()));
    try {
      await using registry = registryAt(`redis://127.0.0.1:${port}`);
      const told = { ...INVALID, says: /that is no Redis server; check host and port/ };
      assertTold(await refusalOfPush(registry), 'writing', registry, told);
    } finally {
      server.close();
    }
  });
});

describe('a connection by TLS', { concurrency: true }, () => {
  it('to a certificate of nobody known: CONFIG_INVALID, which names what to set', async () => {
    await using server = await startTlsRedis();
    await using registry = registryAt(server.url);
    const told = { ...INVALID, says: /self-signed.*; .*NODE_EXTRA_CA_CERTS, or `redis\.tls\.ca`/ };
    assertTold(await refusalOfPush(registry), 'writing', registry, told);
    await using trusting = registryAt(server.url, { tls: { ca: server.ca } });
    assert.equal(await pushOne(trusting), 1);
  });

  it('to a certificate of another host: CONFIG_INVALID, which names what to set', async () => {
    await using server = await startTlsRedis();
    const tls = { ca: server.ca, servername: 'elsewhere.example' };
    await using registry = registryAt(server.url, { tls });
    const told = { ...INVALID, says: /does not match certificate.*; .*`redis\.tls\.servername`/ };
    assertTold(await refusalOfPush(registry), 'writing', registry, told);
  });

  it('to a port without TLS: REGISTRY_UNREACHABLE, which names redis:', async () => {
    await using server = await startRedis();
    await using registry = registryAt(server.url.replace('redis:', 'rediss:'));
    const told = { ...UNREACHABLE, says: /TLS.*; if the server does not speak TLS, write redis:/ };
    assertTold(await refusalOfPush(registry), 'writing', registry, told);
  });

  it('is missing to a port with TLS: REGISTRY_UNREACHABLE, which names rediss:', async () => {
    await using server = await startTlsRedis();
    await using registry = registryAt(server.url.replace('rediss:', 'redis:'));
    const told = { ...UNREACHABLE, says: /; it hung up; if it speaks TLS, write rediss:/ };
    assertTold(await refusalOfPush(registry), 'writing', registry, told);
  });
});

describe('sentinels', { concurrency: true }, () => {
  it('that do not know the master: REGISTRY_UNREACHABLE, which names ?sentinel=', async () => {
    await using group = await startSentinelGroup();
    await using registry = registryAt(`${group.sentinel.url}?sentinel=unknown`);
    const told = { ...UNREACHABLE, says: /entinel.*; .*the name of the master behind \?sentinel=/ };
    assertTold(await refusalOfPush(registry), 'writing', registry, told);
  });

  it('that are servers: CONFIG_INVALID, which says so', async () => {
    await using server = await startRedis();
    await using registry = registryAt(`${server.url}?sentinel=main`);
    const told = { ...INVALID, says: /; .*that is no sentinel: / };
    assertTold(await refusalOfPush(registry), 'writing', registry, told);
  });

  it('and a cluster are not what a server alone is: CONFIG_INVALID, which says so', async () => {
    await using server = await startRedis();
    await using registry = registryAt(`${server.url}?cluster`);
    const told = { ...INVALID, says: /; .*leave \?cluster out of the url/ };
    assertTold(await refusalOfPush(registry), 'writing', registry, told);
  });

  it('that want a password: CONFIG_INVALID, which names what to set', async () => {
    await using group = await startSentinelGroup();
    const { sentinel, name } = group;
    await sentinel.command('ACL', 'SETUSER', 'default', 'resetpass', `>${PASSWORD}`);
    const url = `${sentinel.url}?sentinel=${name}`;
    await using registry = registryAt(url);
    const told = { ...INVALID, says: /(NOAUTH|WRONGPASS).*; set .*`redis\.sentinelPassword`/ };
    assertTold(await refusalOfPush(registry), 'writing', registry, told);
    await using allowed = registryAt(url, { sentinelPassword: PASSWORD });
    assert.equal(await pushOne(allowed), 1);
  });
});

function portOf(address: ReturnType<ReturnType<typeof createServer>['address']>) {
  return typeof address === 'object' && address !== null ? address.port : undefined;
}
