import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findRedisServer } from './find-server.ts';

/** Directives of redis.conf; one that takes several words has them in its value. */
export type ServerConfig = Readonly<Record<string, string>>;

/** For a server whose acknowledged writes are on the disk. */
export const persistent = { appendonly: 'yes', appendfsync: 'always' } as const;

/** Writes a file, not parameters: Sentinel and CONFIG REWRITE need one that they can change. */
export async function writeConfig(folder: string, config: ServerConfig): Promise<string> {
  const { version } = await findRedisServer();
  const defaults = {
    bind: '127.0.0.1',
    daemonize: 'no',
    save: '',
    appendonly: 'no',
    ...(version.major >= 7 ? { 'enable-debug-command': 'yes' } : {}),
  };
  const lines = Object.entries({ ...defaults, ...config }).map(lineOf);
  const file = join(folder, 'redis.conf');
  await writeFile(file, lines.join(''));
  return file;
}

function lineOf([name, value]: [string, string]): string {
  return `${name} ${value === '' ? '""' : value}\n`;
}
