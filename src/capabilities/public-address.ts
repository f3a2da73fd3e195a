import { BlockList } from 'node:net';
import { embeddedIpv4, type IpAddress } from './ip-address.ts';

// https://www.iana.org/assignments/iana-ipv4-special-registry, with multicast.
const NOT_PUBLIC_IPV4 = subnets('ipv4', [
  '0.0.0.0/8', // this network; 0.0.0.0 is this machine
  '10.0.0.0/8', // private
  '100.64.0.0/10', // carrier-grade NAT
  '127.0.0.0/8', // loopback
  '168.63.129.16/32', // Azure's own services, which only its machines reach
  '169.254.0.0/16', // link-local, with the metadata of clouds
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments, with metadata of clouds
  '192.0.2.0/24', // documentation
  '192.88.99.0/24', // relays of 6to4
  '192.168.0.0/16', // private
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, with broadcast
]);

// All that is given out for the public network. Loopback, unspecified, link-local, unique local,
// multicast and IPv4-compatible addresses are outside.
const GLOBAL_IPV6 = subnets('ipv6', ['2000::/3']);

// https://www.iana.org/assignments/iana-ipv6-special-registry, as far as it is in there.
const NOT_PUBLIC_IPV6 = subnets('ipv6', [
  '2001::/23', // protocol assignments: Teredo, benchmarks, ORCHID
  '2001:db8::/32', // documentation
  '3fff::/20', // documentation
]);

/** Whether an address is of the public network, and so is the one it leads to. */
export function isPublicAddress(ip: IpAddress): boolean {
  const { address, family } = ip;
  if (family === 'ipv4') return !NOT_PUBLIC_IPV4.check(address, family);
  const inside = embeddedIpv4(ip);
  if (inside !== undefined) return isPublicAddress(inside);
  return GLOBAL_IPV6.check(address, family) && !NOT_PUBLIC_IPV6.check(address, family);
}

function subnets(family: 'ipv4' | 'ipv6', ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', prefix] = range.split('/');
    list.addSubnet(network, Number(prefix), family);
  }
  return list;
}
