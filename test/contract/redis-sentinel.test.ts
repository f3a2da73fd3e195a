import { after } from 'node:test';
import { startSentinelGroup } from '../redis/servers/sentinel.ts';
import { redisContract } from './redis-contract.ts';

const { name, master, sentinel, stop } = await startSentinelGroup();
after(stop);

const url = `redis://127.0.0.1:${sentinel.port}?sentinel=${name}`;
redisContract('redis behind a sentinel', [master], [url]);
