import { BlockList } from 'node:net';
import { configError, shown } from './config-error.ts';
import { type IpAddress, readIpAddress } from './ip-address.ts';

/** One entry of `hosts`. */
export interface HostEntry {
  /** Undefined: the default port of the scheme. */
  readonly port: number | undefined;
  /** A host name, or with a dot in front what all its subdomains end with. */
  readonly name?: string;
  /** An address, or a range of them. */
  readonly covers?: (ip: IpAddress) => boolean;
}

/** Reads `example.com`, `*.example.com`, `10.0.0.7`, `[::1]` or `10.0.0.0/8`, each with or without `:port`. */
export function readHostEntry(entry: unknown): HostEntry {
  if (typeof entry !== 'string') throw unreadable(entry, 'it is no text');
  const { host, port } = splitPort(entry);
  if (host.includes('/')) return { port, covers: readRange(entry, host) };
  if (host.startsWith('*.')) return { port, name: `.${hostnameOf(entry, host.slice(2))}` };
  const name = hostnameOf(entry, host);
  const ip = readIpAddress(name);
  if (ip === undefined) return { port, name };
  return { port, covers: rangeOf(ip, ip.family === 'ipv4' ? 32 : 128) };
}

function splitPort(entry: string): { host: string; port: number | undefined } {
  // More than one colon without brackets: an IPv6 address or range.
  const [, host, digits] = /^(\[[^\]]*\]|[^:]*)(?::([^:]*))?$/.exec(entry) ?? [];
  if (host === undefined || digits === undefined) return { host: host ?? entry, port: undefined };
  const port = Number(digits);
  if (/^\d+$/.test(digits) && port >= 1 && port <= 65535) return { host, port };
  throw unreadable(entry, `\`${digits}\` is no port; leave out the scheme and the path`);
}

/** The host as the URLs of requests have it: lower case, punycode, IPv4 in four decimal numbers. */
function hostnameOf(entry: string, host: string): string {
  const text = readIpAddress(host)?.family === 'ipv6' && !host.startsWith('[') ? `[${host}]` : host;
  if (text === '*') throw unreadable(entry, 'it means every host; name those that are needed');
  if (/[^\p{L}\p{M}\p{N}.\-_[\]:]/u.test(text)) throw unreadable(entry, 'it is no host');
  const url = URL.parse(`http://${text}`);
  if (url === null || /^$|^\.|\.\./.test(url.hostname)) throw unreadable(entry, 'it is no host');
  return url.hostname;
}

function readRange(entry: string, range: string): (ip: IpAddress) => boolean {
  const [network = '', digits = '', ...more] = range.replace(/^\[(.*)\]$/, '$1').split('/');
  const ip = readIpAddress(network);
  const prefix = Number(digits);
  const longest = ip?.family === 'ipv6' ? 128 : 32;
  if (ip === undefined || more.length > 0 || !/^\d+$/.test(digits) || prefix > longest) {
    throw unreadable(entry, 'it is no range of addresses such as 10.0.0.0/8');
  }
  return rangeOf(ip, prefix);
}

function rangeOf({ address, family }: IpAddress, prefix: number): (ip: IpAddress) => boolean {
  const list = new BlockList();
  list.addSubnet(address, prefix, family);
  return (ip) => ip.family === family && list.check(ip.address, family);
}

function unreadable(entry: unknown, why: string): Error {
  return configError(
    `${shown(entry)} cannot be in allowFetch({ hosts }): ${why}; write 'example.com', ` +
      "'*.example.com', '10.0.0.7:8080' or '10.0.0.0/8'",
  );
}
