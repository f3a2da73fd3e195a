import { isIPv4, isIPv6 } from 'node:net';

/** An address in its plainest form: IPv4 that is mapped into IPv6 is IPv4. */
export interface IpAddress {
  readonly address: string;
  readonly family: 'ipv4' | 'ipv6';
}

/** Reads an address, in the brackets that URLs have or with a zone, too; undefined for other text. */
export function readIpAddress(text: string): IpAddress | undefined {
  if (isIPv4(text)) return { address: text, family: 'ipv4' };
  const [plain = ''] = text.replace(/^\[(.*)\]$/, '$1').split('%');
  if (!isIPv6(plain)) return undefined;
  const groups = groupsOf(plain);
  if (startsWith(groups, [0, 0, 0, 0, 0, 0xffff])) return ipv4Of(groups, 6);
  return { address: plain, family: 'ipv6' };
}

/** The IPv4 address that an IPv6 one leads to by a translator or a tunnel, if it does. */
export function embeddedIpv4({ address, family }: IpAddress): IpAddress | undefined {
  if (family === 'ipv4') return undefined;
  const groups = groupsOf(address);
  // NAT64 (RFC 6052) and 6to4 (RFC 3056).
  if (startsWith(groups, [0x64, 0xff9b, 0, 0, 0, 0])) return ipv4Of(groups, 6);
  return startsWith(groups, [0x2002]) ? ipv4Of(groups, 1) : undefined;
}

/** The eight numbers of an IPv6 address. */
function groupsOf(address: string): readonly number[] {
  // The one serialization that URLs have: no dotted part, zeros left out at most once.
  const { hostname } = new URL(`http://[${address}]`);
  const [head = '', tail] = hostname.slice(1, -1).split('::');
  const numbers = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  if (tail === undefined) return numbers(head);
  const [before, after] = [numbers(head), numbers(tail)];
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

function startsWith(groups: readonly number[], prefix: readonly number[]): boolean {
  return prefix.every((group, index) => groups[index] === group);
}

function ipv4Of(groups: readonly number[], at: number): IpAddress {
  const bytes = groups.slice(at, at + 2).flatMap((group) => [group >> 8, group & 0xff]);
  return { address: bytes.join('.'), family: 'ipv4' };
}
