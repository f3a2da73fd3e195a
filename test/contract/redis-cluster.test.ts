import { after } from 'node:test';
import { startCluster } from '../redis/servers/cluster.ts';
import { redisContract } from './redis-contract.ts';

const { nodes, urls, stop } = await startCluster();
after(stop);

// Whichever node a connection begins with, it is led to the one that has the namespace.
redisContract(
  'redis cluster',
  nodes,
  urls.map((url) => `${url}?cluster`),
);
