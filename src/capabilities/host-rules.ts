import { configError, shown } from './config-error.ts';
import { type HostEntry, readHostEntry } from './host-entry.ts';
import { type IpAddress, readIpAddress } from './ip-address.ts';
import { isPublicAddress } from './public-address.ts';

const LOOPBACK = [readHostEntry('127.0.0.0/8'), readHostEntry('::1')];

/** Where requests may go: what `hosts` lists. */
export class HostRules {
  readonly #entries: readonly HostEntry[];

  /** @throws ScatterError `CONFIG_INVALID` */
  constructor(hosts: unknown) {
    if (!Array.isArray(hosts) || hosts.length === 0) {
      throw configError(
        `allowFetch({ hosts }) takes a list of the hosts that may be reached, such as ['example.com'], not ${shown(hosts)}`,
      );
    }
    this.#entries = hosts.map(readHostEntry);
  }

  /** Whether a URL's host and port are listed. What its name leads to is another question. */
  lists({ protocol, hostname, port }: URL): boolean {
    const ip = readIpAddress(hostname);
    const isDefault = port === '';
    const number = isDefault ? defaultPort(protocol) : Number(port);
    return this.#entries.some(
      (entry) =>
        (entry.port === undefined ? isDefault : entry.port === number) &&
        (ip === undefined ? hasName(entry, hostname) : entry.covers?.(ip)),
    );
  }

  /**
   * Whether a connection to an address may be made: it is public, or listed by itself, by a range, or
   * as `localhost`. An entry with a port permits that one, one without permits all.
   */
  permits(address: string, port: number): boolean {
    const ip = readIpAddress(address);
    if (ip === undefined) return false;
    if (isPublicAddress(ip)) return true;
    return this.#entries.some(
      (entry) => (entry.port ?? port) === port && (entry.covers?.(ip) || isLocal(entry, ip)),
    );
  }
}

export function defaultPort(protocol: string): number {
  return protocol === 'https:' ? 443 : 80;
}

function hasName({ name }: HostEntry, hostname: string): boolean {
  return name?.startsWith('.') ? hostname.endsWith(name) : hostname === name;
}

function isLocal({ name }: HostEntry, ip: IpAddress): boolean {
  return name === 'localhost' && LOOPBACK.some(({ covers }) => covers?.(ip));
}
