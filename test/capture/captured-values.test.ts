import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capture } from '../../src/capture/index.ts';

const rate = 1.19;
const labels = new Map([['net', 'before tax']]);
class Account {
  balance = 5;
}
const account = new Account();
const region = process.env['SPEC_NO_SUCH_REGION'] ?? 'nowhere';
const gross = (net: number): number => net * rate;
const money = new Intl.NumberFormat('en');

function invoice(net: number): unknown {
  return [gross(net), labels.get('net'), account.balance, region, money.format(net)];
}

test('an artifact lists the variables it took along, who uses each, what it is and how large', async () => {
  const { captured } = (await capture(invoice)).origin;
  const listed = captured.map(({ name, usedBy, kind }) => `${name} of ${usedBy}: ${kind}`);
  assert.deepEqual(listed.toSorted(), [
    'account of invoice: instance of Account',
    'gross of invoice: function',
    'labels of invoice: Map',
    'money of invoice: initialiser',
    'rate of gross: number',
    'region of invoice: initialiser',
  ]);
  for (const { name, bytes } of captured) assert.ok(bytes > 0, name);
});

test('a larger value counts for more bytes', async () => {
  const bytesOf = async (text: string): Promise<number> => {
    const [value] = (await capture(() => text)).origin.captured;
    return value?.bytes ?? 0;
  };
  assert.equal((await bytesOf('x'.repeat(1000))) - (await bytesOf('x'.repeat(100))), 900);
});
