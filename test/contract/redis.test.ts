import { after } from 'node:test';
import { startRedis } from '../redis/servers/server.ts';
import { redisContract } from './redis-contract.ts';

const server = await startRedis();
after(() => server.stop());

redisContract('redis', [server], [server.url]);
