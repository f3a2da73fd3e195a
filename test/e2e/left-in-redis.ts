import assert from 'node:assert/strict';
import type { RedisServer } from '../redis/servers/server.ts';

/** Of a namespace whose functions are deleted and whose programs have ended, only its history is left. */
export async function assertOnlyLog(server: RedisServer, namespace = ''): Promise<void> {
  const keys = [await server.command('KEYS', '*')].flat().map(String).sort();
  const left = ['commits', 'functions', 'log'].map((key) => `scatter:{${namespace}}:${key}`);
  assert.deepEqual(keys, left);
}
