import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capture } from '../../src/capture/index.ts';
import type { AnyFunction } from '../../src/model/function-type.ts';
import { evaluate } from './evaluate.ts';

const tax = Object.assign(() => 0, { reference: 'tax@3' });
const audit = Object.assign(() => 0, { reference: 'audit' });
const sameTax = Object.assign(() => 0, { reference: 'tax@3' });
const original = (x: number) => x * 2;
const tracked = Object.assign(() => 0, { original });

function recognise(value: object) {
  if ('reference' in value) return { link: String(value.reference) };
  return 'original' in value ? { inline: value.original as AnyFunction } : undefined;
}

test('a linked handle is called through the host by its reference', async () => {
  const artifact = await capture(() => [tax(), audit(), sameTax()], { recognise });
  assert.deepEqual(artifact.links, ['audit', 'tax@3']);
  const guest = evaluate(artifact, (index) => () => artifact.links[index]);
  assert.deepEqual([...(guest() as string[])], ['tax@3', 'audit', 'tax@3']);
});

test('a linked handle inside an object is found', async () => {
  const services = { tax, list: [audit] };
  const artifact = await capture(() => [services.tax(), services.list[0]?.()], { recognise });
  const guest = evaluate(artifact, (index) => () => artifact.links[index]);
  assert.deepEqual([...(guest() as string[])], ['tax@3', 'audit']);
});

test('a tracked function is captured as its original', async () => {
  const inside = evaluate(
    await capture((x: number) => (tracked as AnyFunction)(x as never), { recognise }),
  );
  const root = evaluate(await capture(tracked, { recognise }));
  assert.deepEqual([inside(2), root(3)], [4, 6]);
});

test('a tracked function and its original are one function in the artifact', async () => {
  const pair = { tracked, original };
  const guest = evaluate(
    await capture(() => (pair.tracked as unknown) === pair.original, { recognise }),
  );
  assert.equal(guest(), true);
});

test('an artifact needs no links and no capabilities unless it uses some', async () => {
  const { links, requires, format } = await capture(() => original(1));
  assert.deepEqual({ links, requires, format }, { links: [], requires: [], format: 1 });
});
