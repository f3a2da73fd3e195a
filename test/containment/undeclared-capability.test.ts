import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Capability, provide } from '../../src/index.ts';
import { freshName, freshUrl, pushCode, registryOf, startScatter } from '../library/support.ts';
import { failsWith } from '../pool/support.ts';

const asked: string[] = [];
const given: Readonly<Record<string, Capability>> = {
  open: provide('open', { read: (from: string) => asked.push(`open by ${from}`) }),
  secret: provide('secret', { read: (from: string) => asked.push(`secret by ${from}`) }),
  narrow: provide(
    'narrow',
    { read: (from: string) => asked.push(`narrow by ${from}`) },
    { allow: ['billing/*'] },
  ),
};
const scatter = startScatter({
  url: freshUrl(),
  capabilities: Object.values(given),
  limits: { timeoutMs: 2000 },
});

/** Tells how each of these ways to get at `secret` ends. */
const WAYS = `const ways = {
    global: () => globalThis.secret.read('global'),
    name: () => new Function('return secret')().read('name'),
    'member of another': () => open.secret.read('member'),
    'prototype of another': () => Object.getPrototypeOf(open).read('prototype'),
    'constructor of another': () => open.constructor('return secret')().read('constructor'),
    'path up': () => open['..'].secret.read('path'),
    'this of a member': () => open.read.call({ name: 'secret' }, 'this'),
    'import': () => import('scatter:capabilities').then((all) => all.secret.read('import')),
  };
  const ends = {};
  for (const [way, use] of Object.entries(ways)) {
    ends[way] = await (async () => use())().then(() => 'reached', (error) => error.name);
  }
  await open.read('itself');
  return ends;`;

test('a function that declares one capability reaches no other that its program provides', async () => {
  asked.length = 0;
  const source = `export default async () => { ${WAYS} };`;
  const fn = await scatter.load<() => Record<string, string>>(source, { capabilities: ['open'] });
  const ends = await fn();
  assert.equal(Object.keys(ends).length, 8);
  for (const [way, end] of Object.entries(ends)) assert.notEqual(end, 'reached', way);
  assert.deepEqual(asked, ['open by itself']);
  await fn.release();
});

describe('asking by number as only the prelude does', () => {
  for (const index of [
    '0',
    '1',
    '-1',
    '2 ** 31',
    '2 ** 53',
    'NaN',
    "'secret'",
    '{ valueOf: () => 1 }',
  ]) {
    test(`for capability ${index} of a version that declares none reaches nothing`, async () => {
      asked.length = 0;
      const name = freshName();
      const code = `($scatter) => async () => $scatter.capability(${index}).read('number')`;
      await scatter.connect();
      await pushCode(await registryOf(scatter), name, code);
      const fn = await scatter.get(name, { limits: { timeoutMs: 150 } });
      await assert.rejects(fn(), /SCATTER_ERR|limits|threw/);
      assert.deepEqual(asked, []);
    });
  }
});

test('what allow excludes is refused at get(), at with(), and within another function', async () => {
  asked.length = 0;
  const source =
    "import { narrow } from 'scatter:capabilities'; export default (by) => narrow.read(by);";
  for (const name of ['billing/charge', 'orders/charge']) {
    await scatter.pushSource(name, source, { capabilities: ['narrow'] });
  }
  const refused = failsWith('CAPABILITY_MISSING', {
    function: 'orders/charge',
    capability: 'narrow',
  });
  await assert.rejects(scatter.get('orders/charge'), refused);
  await assert.rejects(
    scatter.load(source, { name: 'orders/charge', capabilities: ['narrow'] }),
    refused,
  );
  const allowed = await scatter.get<(by: string) => number>('billing/charge');
  assert.equal(await allowed('billing'), 1);
  const narrower = provide('narrow', { read: () => 1 }, { allow: ['nobody'] });
  const none = allowed.with({ capabilities: [narrower] });
  await assert.rejects(none('with'), failsWith('CAPABILITY_MISSING'));
  assert.deepEqual(asked, ['narrow by billing']);
});

test('a function has what it declares itself also when one with more calls it, or is called by it', async () => {
  asked.length = 0;
  await scatter.pushSource(
    'rich',
    `import { secret } from 'scatter:capabilities';
    export default () => secret.read('rich');`,
    { capabilities: ['secret'] },
  );
  await scatter.pushSource('poor', 'export default () => typeof secret;');
  const rich = await scatter.get<() => number>('rich');
  const poor = await scatter.get<() => string>('poor');
  const both = scatter.track(async () => [await rich(), await poor(), await rich()], {
    name: 'both',
  });
  await scatter.push([both]);
  const fn = await scatter.get(both);
  assert.deepEqual(fn.requires, []);
  assert.deepEqual(await fn(), [1, 'undefined', 2]);
  assert.deepEqual(asked, ['secret by rich', 'secret by rich']);
});

test('what a program does not provide is CAPABILITY_MISSING, whatever another one provides', async () => {
  const url = freshUrl();
  const [one, other] = [
    startScatter({ url, capabilities: Object.values(given) }),
    startScatter({ url }),
  ];
  await one.pushSource('shared', 'export default () => secret.read("shared");', {
    capabilities: ['secret'],
  });
  assert.equal(typeof (await (await one.get('shared'))()), 'number');
  await assert.rejects(
    other.get('shared'),
    failsWith('CAPABILITY_MISSING', { capability: 'secret' }),
  );
});
