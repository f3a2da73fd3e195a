import { Redis } from 'ioredis';

/** Sends single commands to one server; opened by the first, and again after it was lost. */
export interface CommandConnection {
  call(command: readonly (string | Buffer)[]): Promise<unknown>;
  close(): void;
}

interface Address {
  readonly port: number;
  readonly password?: string;
  readonly tls?: { readonly ca: string };
}

/** Waits for nothing: a server that cannot be reached fails the command at once. */
const FAIL_FAST = {
  host: '127.0.0.1',
  lazyConnect: true,
  retryStrategy: () => null,
  maxRetriesPerRequest: 0,
  connectTimeout: 10_000,
  commandTimeout: 20_000,
  // Else it waits for a server that is dead or paused to close its end.
  disconnectTimeout: 0,
  connectionName: 'fixture',
};

export function commandConnection(address: Address): CommandConnection {
  let connection: Redis | undefined;
  let lost: unknown;
  let waiting = 0;
  const open = (): Redis => {
    const opened = new Redis({ ...FAIL_FAST, ...address });
    // The command only tells that the connection was closed; this tells why.
    opened.on('error', (error: unknown) => {
      lost = error;
    });
    return opened;
  };
  return {
    async call([name = '', ...parameters]) {
      if (!connection || connection.status === 'end') connection = open();
      const current = connection;
      lost = undefined;
      waiting++;
      current.stream?.ref();
      try {
        return await current.call(name.toString(), ...parameters);
      } catch (error) {
        throw lost === undefined ? error : new Error(`${name}: ${error}`, { cause: lost });
      } finally {
        waiting--;
        // One that is left open does not keep the process alive.
        if (waiting === 0) current.stream?.unref();
      }
    },
    close() {
      connection?.disconnect();
      connection = undefined;
    },
  };
}
