import type { RedisConnection } from './connection.ts';
import { textOf } from './reads.ts';

/** Says what about a server endangers a registry, each thing once. */
export class ServerWarnings {
  readonly #url: string;
  readonly #onWarning: (message: string) => void;
  readonly #said = new Set<string>();
  #checked = false;

  constructor(url: string, onWarning: (message: string) => void) {
    this.#url = url;
    this.#onWarning = onWarning;
  }

  /** Looks at the settings of a server that was connected to; the next one is asked if this fails. */
  check(connection: RedisConnection): void {
    if (this.#checked) return;
    this.#checked = true;
    this.#look(connection).catch(() => {
      this.#checked = false;
    });
  }

  /** The server does not let us hear of changes. */
  unheard(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    // A connection that broke is no permission that is missing.
    if (!/^NOPERM/.test(reason)) return;
    this.#say(`changes are seen by polling only, seconds late: ${reason}; allow the channel`);
  }

  /** A write was done, and the server did not let us tell of it. */
  unpublished(reason: string): void {
    this.#say(`others see this change by polling only, seconds late: ${reason}; allow publish`);
  }

  async #look(connection: RedisConnection): Promise<void> {
    const memory = await infoOf(connection, 'memory');
    const policy = memory.get('maxmemory_policy') ?? '';
    // The others take only keys that expire, which functions do not.
    if (policy.startsWith('allkeys-') && memory.get('maxmemory') !== '0') {
      this.#say(
        `it may evict functions when its memory is full: maxmemory-policy is ${policy}; set it to ` +
          'noeviction',
      );
    }
    const persistence = await infoOf(connection, 'persistence');
    if (persistence.get('aof_enabled') !== '0') return;
    const saves = await savePoints(connection);
    if (saves !== '') return;
    this.#say(
      'it keeps nothing on disk, and a restart loses all functions: set appendonly yes, or save',
    );
  }

  #say(message: string): void {
    if (this.#said.has(message)) return;
    this.#said.add(message);
    this.#onWarning(`the registry ${this.#url}: ${message}`);
  }
}

/** Empty when the server never saves; undefined where it does not say. */
async function savePoints(connection: RedisConnection): Promise<string | undefined> {
  const reply = await permitted(connection.call('CONFIG', ['GET', 'save']));
  return Array.isArray(reply) && reply.length > 1 ? String(reply[1]) : undefined;
}

async function infoOf(
  connection: RedisConnection,
  section: string,
): Promise<ReadonlyMap<string, string>> {
  const text = textOf(await permitted(connection.call('INFO', [section]))) ?? '';
  const lines = text.matchAll(/^(\w+):(.*?)\r?$/gm);
  return new Map([...lines].map(([, field = '', value = '']) => [field, value]));
}

// Hosted servers have no CONFIG, and a user need not be allowed INFO: then there is nothing to say.
async function permitted(reply: Promise<unknown>): Promise<unknown> {
  try {
    return await reply;
  } catch (error) {
    if (error instanceof Error && /^(NOPERM|ERR)/.test(error.message)) return undefined;
    throw error;
  }
}
