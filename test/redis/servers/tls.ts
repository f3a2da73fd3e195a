import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type RedisServer, type ServerOptions, startRedis } from './server.ts';

/** Its certificate is for localhost and 127.0.0.1. */
export interface TlsRedisServer extends RedisServer {
  /** The certificate of the authority that a client has to trust. */
  readonly ca: string;
}

/** Speaks only TLS. The certificates were made with certificates/make.sh. */
export async function startTlsRedis(
  options: Omit<ServerOptions, 'tls'> = {},
): Promise<TlsRedisServer> {
  const ca = await readFile(pathOf('ca.pem'), 'utf8');
  const config = {
    'tls-ca-cert-file': quoted('ca.pem'),
    'tls-cert-file': quoted('server.pem'),
    'tls-key-file': quoted('server-key.pem'),
    'tls-auth-clients': 'no',
    ...options.config,
  };
  const server = await startRedis({ ...options, config, tls: { ca } });
  return Object.assign(server, { ca });
}

function quoted(name: string): string {
  return JSON.stringify(pathOf(name));
}

function pathOf(name: string): string {
  return fileURLToPath(new URL(`certificates/${name}`, import.meta.url));
}
