import { after } from 'node:test';
import { startTlsRedis } from '../redis/servers/tls.ts';
import { redisContract } from './redis-contract.ts';

const server = await startTlsRedis({ config: { requirepass: 'p@ss:/word' } });
const url = `rediss://:p%40ss%3A%2Fword@127.0.0.1:${server.port}/3`;
after(() => server.stop());

redisContract('redis over TLS, with a password and a database', [server], [url], {
  tls: { ca: server.ca },
});
