/** Which hosts, ports and addresses `allowFetch` lets requests go to. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HostRules } from '../../src/capabilities/host-rules.ts';
import { fetchWith, resolving, startSite, textOf } from './fetch-support.ts';

const site = await startSite((_request, response) => response.end('here'));
const REFUSED_ADDRESS = { name: 'TypeError', message: /an address that is not public; .*hosts/ };

// Each is one address that no name may lead to, and how else it can be written.
const NOT_PUBLIC = [
  ['0.0.0.0', '::ffff:0.0.0.0', '::', '0:0:0:0:0:0:0:0'],
  ['0.1.2.3'],
  [
    '10.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:a00:1',
    '::10.0.0.1',
    '64:ff9b::10.0.0.1',
    '2002:a00:1::',
  ],
  ['100.64.0.1', '100.127.255.254', '::ffff:100.100.100.200'],
  ['127.0.0.1', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', '::127.0.0.1'],
  ['64:ff9b::7f00:1', '64:ff9b::127.0.0.1', '64:ff9b:1::7f00:1', '2002:7f00:1::1'],
  [
    '169.254.169.254',
    '::ffff:a9fe:a9fe',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::',
    'fd00:ec2::254',
  ],
  ['168.63.129.16', '100.100.100.200', '192.0.0.192'],
  ['172.16.0.1', '172.31.255.255', '192.168.0.1'],
  ['192.0.0.8', '192.0.2.1', '198.18.0.1', '198.19.255.255', '198.51.100.1', '203.0.113.1'],
  ['224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255', 'ff02::1', 'ff0e::1'],
  ['fc00::1', 'fd12:3456::1', 'fe80::1', 'fe80::1%eth0', 'fec0::1', '100::1', '5f00::1'],
  ['2001:db8::1', '3fff::1', '2001::1', '2001:0:7f00:1::', '2001:2::1', '2001:10::1'],
  ['', 'localhost', '10.0.0', '::g'],
].flat();
const PUBLIC = [
  ['1.1.1.1', '9.255.255.255', '11.0.0.1', '100.63.255.255', '100.128.0.1', '126.1.1.1'],
  ['128.0.0.1', '172.15.0.1', '172.32.0.1', '192.0.1.1', '198.17.1.1', '198.20.0.1', '223.1.1.1'],
  ['::ffff:1.1.1.1', '64:ff9b::1.1.1.1', '2002:101:101::1', '2606:4700::1111', '2001:4860::8888'],
].flat();

test('no address that is not public is permitted, in whichever form, unless it is listed', () => {
  const rules = new HostRules(['example.com', '*.example.com']);
  for (const address of NOT_PUBLIC) assert.equal(rules.permits(address, 80), false, address);
  for (const address of PUBLIC) assert.equal(rules.permits(address, 80), true, address);
});

test('a name that leads to an address that is not public is refused, and no address is told', async () => {
  for (const address of NOT_PUBLIC) {
    const fetch = fetchWith({ hosts: ['name.test'] }, resolving({ 'name.test': address }));
    await assert.rejects(fetch({ url: 'http://name.test' }), (error: Error) => {
      assert.match(error.message, REFUSED_ADDRESS.message);
      assert.ok(address === '' || !error.message.includes(address));
      return error instanceof TypeError;
    });
  }
});

test('listed addresses, ranges and localhost permit what they cover, on their port', () => {
  const table: [string, string, number, boolean][] = [
    ['10.0.0.0/8', '10.255.0.1', 5432, true],
    ['10.0.0.0/8', '::ffff:10.1.1.1', 80, true],
    ['10.0.0.0/8', '11.0.0.1', 80, true],
    ['10.0.0.0/8', '192.168.0.1', 80, false],
    ['10.0.0.0/8:8080', '10.0.0.1', 8080, true],
    ['10.0.0.0/8:8080', '10.0.0.1', 80, false],
    ['10.0.0.7', '10.0.0.7', 80, true],
    ['10.0.0.7', '10.0.0.8', 80, false],
    ['fd00::/8', 'fd12::1', 80, true],
    ['fd00::/8', 'fe80::1', 80, false],
    ['[fd00::/8]:81', 'fd12::1', 81, true],
    ['[fd00::/8]:81', 'fd12::1', 80, false],
    ['fe80::/10', 'fe80::1%eth0', 80, true],
    ['::1', '0:0::1', 80, true],
    ['[::1]:81', '::1', 80, false],
    ['localhost', '127.9.9.9', 80, true],
    ['localhost', '::1', 80, true],
    ['localhost', '10.0.0.1', 80, false],
    ['localhost:81', '127.0.0.1', 80, false],
    ['0x7f.1', '127.0.0.1', 80, true],
  ];
  for (const [entry, address, port, expected] of table) {
    const given = `${entry} for ${address}:${port}`;
    assert.equal(new HostRules([entry]).permits(address, port), expected, given);
  }
});

test('a host is listed by its name, its subdomains, its address or its range, and its port', () => {
  const table: [string, string, boolean][] = [
    ['example.com', 'http://example.com/a?b', true],
    ['example.com', 'https://EXAMPLE.com:443', true],
    ['EXAMPLE.com', 'http://example.com', true],
    ['example.com', 'http://example.com:8080', false],
    ['example.com', 'https://example.com:80', false],
    ['example.com', 'http://sub.example.com', false],
    ['example.com', 'http://example.com.', false],
    ['example.com:8080', 'http://example.com:8080', true],
    ['example.com:8080', 'http://example.com', false],
    ['example.com:80', 'http://example.com', true],
    ['example.com:80', 'https://example.com', false],
    ['*.example.com', 'http://a.b.example.com', true],
    ['*.example.com', 'http://example.com', false],
    ['*.example.com', 'http://evilexample.com', false],
    ['*.example.com', 'http://example.com.evil.test', false],
    ['*.example.com:81', 'http://a.example.com:81', true],
    ['müller.test', 'http://xn--mller-kva.test', true],
    ['127.0.0.1', 'http://127.1', true],
    ['127.0.0.1', 'http://2130706433', true],
    ['127.0.0.1', 'http://0x7f000001', true],
    ['127.0.0.1', 'http://0177.0.0.1', true],
    ['127.0.0.1', 'http://[::ffff:127.0.0.1]', true],
    ['127.0.0.1', 'http://[::ffff:7f00:1]', true],
    ['127.0.0.1', 'http://[::1]', false],
    ['127.0.0.1', 'http://localhost', false],
    ['localhost', 'http://127.0.0.1', false],
    ['::1', 'http://[0:0::1]', true],
    ['[::1]', 'http://[::1]', true],
    ['[::1]:81', 'http://[::1]:81', true],
    ['10.0.0.0/8', 'http://10.1.2.3', true],
    ['10.0.0.0/8', 'http://10.1.2.3:81', false],
    ['10.0.0.0/8', 'http://ten.test', false],
    ['example.com', 'http://2130706433', false],
    ['example.com', 'http://example.com@evil.test', false],
  ];
  for (const [entry, url, expected] of table) {
    assert.equal(new HostRules([entry]).lists(new URL(url)), expected, `${entry} for ${url}`);
  }
});

test('what is not listed is refused before anything is resolved, with what to add', async () => {
  const resolve = resolving({});
  const fetch = fetchWith({ hosts: ['example.com'] }, resolve);
  const refused = ['http://127.0.0.1', 'http://2130706433/', 'http://[::ffff:a9fe:a9fe]/latest'];
  for (const url of [...refused, 'http://other.test:81', 'http://example.com:81']) {
    const { host } = new URL(url);
    await assert.rejects(fetch({ url }), {
      name: 'TypeError',
      message: `fetch may not reach \`${host}\` here; add it to allowFetch({ hosts })`,
    });
  }
  assert.deepEqual(resolve.asked, []);
});

test('a listed address is reached in every form that means it', async () => {
  const fetch = fetchWith({ hosts: [site.host] });
  for (const host of ['127.0.0.1', '127.1', '2130706433', '0x7f.0.0.1', '0177.0.0.1']) {
    assert.equal(textOf(await fetch({ url: `http://${host}:${site.port}` })), 'here', host);
  }
});

test('a name that resolves anew to another address is refused then: no rebinding', async () => {
  const closing = await startSite((_request, response) => {
    response.setHeader('connection', 'close').end('first');
  });
  const resolve = resolving({ 'name.test': ['127.0.0.1', '169.254.169.254', '127.0.0.2'] });
  const fetch = fetchWith({ hosts: [`name.test:${closing.port}`, closing.host] }, resolve);
  const url = `http://name.test:${closing.port}/`;
  assert.equal(textOf(await fetch({ url })), 'first');
  for (let n = 0; n < 2; n += 1) await assert.rejects(fetch({ url }), REFUSED_ADDRESS);
  // One lookup for each connection: what was checked is what was connected to.
  assert.deepEqual([resolve.asked.length, closing.connections], [3, 1]);
});

test('of several addresses of a name, only those are connected to that are permitted', async () => {
  const resolve = resolving({ 'name.test': '10.0.0.1 127.0.0.1 ::1' });
  const fetch = fetchWith({ hosts: [`name.test:${site.port}`, '127.0.0.1'] }, resolve);
  assert.equal(textOf(await fetch({ url: `http://name.test:${site.port}` })), 'here');
});

test('a listed private address with a port opens no other port to names', async () => {
  const resolve = resolving({ 'name.test': '127.0.0.1' });
  const fetch = fetchWith({ hosts: ['name.test', site.host] }, resolve);
  await assert.rejects(fetch({ url: 'http://name.test' }), REFUSED_ADDRESS);
});

test('what the system says of a host that cannot be reached is not told', async () => {
  const fetch = fetchWith({ hosts: ['gone.test', 'closed.test:1', '127.0.0.1'] }, (...given) =>
    resolving({ 'closed.test': '127.0.0.1' })(...given),
  );
  await assert.rejects(fetch({ url: 'http://gone.test' }), {
    name: 'TypeError',
    message: 'fetch of `http://gone.test` failed: there is no host of that name',
  });
  await assert.rejects(fetch({ url: 'http://closed.test:1' }), {
    name: 'TypeError',
    message: 'fetch of `http://closed.test:1` failed: it cannot be reached',
  });
});

test('nothing but http and https is fetched, and no URL with a user or password', async () => {
  const fetch = fetchWith({ hosts: [site.host] });
  for (const url of [
    'file:///etc/passwd',
    'data:,x',
    'ftp://127.0.0.1',
    'blob:x',
    'ws://127.0.0.1',
  ]) {
    await assert.rejects(fetch({ url }), { name: 'TypeError', message: /only http: and https:/ });
  }
  for (const user of ['u@', 'u:p@', ':p@']) {
    await assert.rejects(fetch({ url: `http://${user}${site.host}` }), {
      message: /user name or password/,
    });
  }
  for (const url of ['', 'x', '//x', 'http://', 'http://a b', `http://x/${'a'.repeat(20_000)}`]) {
    await assert.rejects(fetch({ url }), { message: /is no URL/ });
  }
});
