/** What an error of the client, the network or the server means, and what to do about it. */
import { type ErrorCode, ScatterError } from '../../errors.ts';
import { reasonOf } from './reason.ts';

export interface Trouble {
  readonly code: ErrorCode;
  /** Whether trying again in a moment may help. */
  readonly passing: boolean;
  readonly advice: string;
}

const TRY_AGAIN = 'try again, and look at the server if that does not help';

const UNREACHABLE = { code: 'SCATTER_ERR_REGISTRY_UNREACHABLE', passing: true } as const;
const MISCONFIGURED = { code: 'SCATTER_ERR_CONFIG_INVALID', passing: false } as const;
const FULL = { code: 'SCATTER_ERR_REGISTRY_FULL', passing: false } as const;
const CORRUPT = { code: 'SCATTER_ERR_REGISTRY_CORRUPT', passing: false } as const;

const FORBIDDEN: Trouble = {
  code: 'SCATTER_ERR_REGISTRY_READONLY',
  passing: false,
  advice: 'docs/redis.md has the ACL rules that readers and writers need',
};

const HUNG_UP: Trouble = {
  ...UNREACHABLE,
  advice: 'it hung up; if it speaks TLS, write rediss: in the url, else see maxclients and its log',
};

/** By the first word of a server's error. */
const REPLIES: Readonly<Record<string, Trouble>> = {
  NOAUTH: {
    ...MISCONFIGURED,
    advice:
      'the server wants a password: write redis://user:password@host, or set `redis.password`',
  },
  WRONGPASS: {
    ...MISCONFIGURED,
    advice: 'the server does not take this user and password; percent-encode what is in the url',
  },
  DENIED: {
    ...MISCONFIGURED,
    advice: 'the server is in protected mode and lets nobody in from elsewhere; give it a password',
  },
  NOPERM: FORBIDDEN,
  READONLY: {
    code: 'SCATTER_ERR_REGISTRY_READONLY',
    passing: true,
    advice: 'this server is a replica, connect to its master or by sentinel',
  },
  OOM: { ...FULL, advice: 'raise maxmemory of the server, or delete old versions' },
  MISCONF: { ...FULL, advice: 'its log says what is wrong with its disk' },
  NOREPLICAS: {
    ...UNREACHABLE,
    advice: 'bring its replicas back, or lower min-replicas-to-write',
  },
  LOADING: { ...UNREACHABLE, advice: 'try again when it has read its data from disk' },
  BUSY: { ...UNREACHABLE, advice: 'find out whose script keeps the server busy' },
  MASTERDOWN: { ...UNREACHABLE, advice: 'the replica has lost its master; bring that back' },
  CLUSTERDOWN: { ...UNREACHABLE, advice: 'a part of the cluster is away; look at its nodes' },
  TRYAGAIN: { ...UNREACHABLE, advice: 'the cluster is moving these keys; try again' },
  ASK: { ...UNREACHABLE, advice: 'the cluster is moving these keys; try again' },
  MOVED: {
    ...MISCONFIGURED,
    advice: 'the server is a node of a cluster: add ?cluster to the url',
  },
  WRONGTYPE: { ...CORRUPT, advice: 'another program uses these keys; take another namespace' },
  NOPROTO: { ...MISCONFIGURED, advice: 'the server is too old; scatter needs Redis 6.2 or newer' },
};

/** By parts of a server's error that begins with the plain ERR, and of errors of the client. */
const PHRASES: readonly (readonly [phrase: RegExp, trouble: Trouble])[] = [
  [
    /cluster support disabled/i,
    {
      ...MISCONFIGURED,
      advice: 'the server is no node of a cluster: leave ?cluster out of the url',
    },
  ],
  [
    /unknown command '?SENTINEL/i,
    {
      ...MISCONFIGURED,
      advice: 'that is no sentinel: write the port of one, or leave ?sentinel= out',
    },
  ],
  [
    /sentinels? .*(NOAUTH|WRONGPASS)/i,
    { ...MISCONFIGURED, advice: 'set `redis.sentinelUsername` and `redis.sentinelPassword`' },
  ],
  [
    /sentinel/i,
    {
      ...UNREACHABLE,
      advice: 'check the addresses of the sentinels, and the name of the master behind ?sentinel=',
    },
  ],
  // Redis 6 and 7.0 say it so of what a script does.
  [/user executing the script can't/i, FORBIDDEN],
  [
    /invalid DB index|DB index is out of range|SELECT is not allowed/i,
    {
      ...MISCONFIGURED,
      advice: 'the server has no such database; write another number behind the host',
    },
  ],
  [
    /unknown (sub)?command|subscriber mode/i,
    {
      ...MISCONFIGURED,
      advice: 'the server lacks a command; scatter needs Redis 6.2 or newer, or Valkey',
    },
  ],
  [/max number of clients/i, { ...UNREACHABLE, advice: 'raise maxclients of the server' }],
  [
    /XADD is equal or smaller/i,
    {
      ...CORRUPT,
      advice:
        'a part of the keys is gone, as when a server evicts; restore them, or delete the rest',
    },
  ],
  [
    /before secure TLS connection|answer in TLS/i,
    {
      ...UNREACHABLE,
      advice: 'if the server does not speak TLS, write redis: in the url, or the port of its TLS',
    },
  ],
  [/^Connection is closed/, HUNG_UP],
  [/RESP type/, { ...MISCONFIGURED, advice: 'that is no Redis server; check host and port' }],
];

/** By `code` of errors of Node. */
const NETWORK: Readonly<Record<string, Trouble>> = {
  ECONNREFUSED: {
    ...UNREACHABLE,
    advice: 'nothing listens there; start the server, check the port',
  },
  ENOTFOUND: { ...UNREACHABLE, advice: 'that host is unknown; check its name' },
  EAI_AGAIN: { ...UNREACHABLE, advice: 'the name server does not answer; check the host name' },
  ETIMEDOUT: { ...UNREACHABLE, advice: 'check host, port and firewall, and what the server does' },
  ECONNRESET: HUNG_UP,
  EPIPE: HUNG_UP,
  ERR_TLS_CERT_ALTNAME_INVALID: {
    ...MISCONFIGURED,
    advice: 'write the host as the certificate names it, or set `redis.tls.servername`',
  },
  CERT_HAS_EXPIRED: { ...MISCONFIGURED, advice: 'give the server a new certificate' },
  ERR_SSL_WRONG_VERSION_NUMBER: {
    ...MISCONFIGURED,
    advice: 'the server does not speak TLS there; write redis: in the url, or the port of its TLS',
  },
};

const CERTIFICATE =
  /^(CERT_|ERR_TLS_CERT|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA)/;

export function troubleOf(error: unknown): Trouble {
  const reason = reasonOf(error);
  const reply = REPLIES[/^[A-Z]+/.exec(reason)?.[0] ?? ''];
  if (reply !== undefined) return reply;
  const found = PHRASES.find(([phrase]) => phrase.test(reason));
  if (found !== undefined) return found[1];
  return networkTrouble(codeOf(error)) ?? { ...UNREACHABLE, advice: TRY_AGAIN };
}

/** Whether the server itself answered with the error, and so did nothing of what it was asked. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}

/**
 * @param doing what was being done, such as `writing`
 * @param uncertain whether an earlier attempt may have been done
 */
export function redisError(
  error: unknown,
  o: { readonly doing: string; readonly url: string; readonly uncertain: boolean },
): ScatterError {
  const { code, advice } = troubleOf(error);
  const unwritten = o.doing === 'writing' && isRefusal(error) && !o.uncertain;
  const next = unwritten ? `nothing was written; ${advice}` : advice;
  const message = `${o.doing} the registry ${o.url} failed: ${reasonOf(error)}; ${next}`;
  return new ScatterError(code, message, { cause: error });
}

function networkTrouble(code: string): Trouble | undefined {
  if (code in NETWORK) return NETWORK[code];
  if (CERTIFICATE.test(code)) {
    return {
      ...MISCONFIGURED,
      advice: 'the certificate is not trusted here: set NODE_EXTRA_CA_CERTS, or `redis.tls.ca`',
    };
  }
  if (!code.startsWith('ERR_SSL_')) return undefined;
  return { ...MISCONFIGURED, advice: 'TLS could not be agreed on' };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
