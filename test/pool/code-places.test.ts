import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ArtifactOrigin } from '../../src/model/artifact.ts';
import { codePlaces } from '../../src/pool/code-places.ts';
import { keptMb } from '../containment/counts.ts';

/** An origin whose map has so many entries, the first of them in `file`. */
function origin(file: string, entries: number): ArtifactOrigin {
  const mappings = `AAAA${',CAAC'.repeat(entries - 1)}`;
  const map = JSON.stringify({ version: 3, sources: [file], names: [], mappings });
  return { source: '', map, captured: [] };
}

test('large maps are not all kept: what those that were read first have is given back', () => {
  const origins = Array.from({ length: 8 }, (_, n) => origin(`${n}.ts`, 500_000));
  const before = keptMb();
  for (const [n, one] of origins.entries()) assert.equal(codePlaces(one)(1, 1), `${n}.ts:1:1`);
  // One has 70 MB as it was read.
  assert.ok(keptMb() - before < 150, `${keptMb() - before} MB`);
});

test('large ones that are needed in turn are not read each time', () => {
  const origins = Array.from({ length: 4 }, (_, n) => origin(`${n}.ts`, 400_000));
  const found = Array.from({ length: 100 }, (_, n) => codePlaces(origins[n % 4] ?? assert.fail()));
  const places = found.map((place) => place(1, 1));
  // Once each, and one of them again now and then.
  assert.ok(places.filter((place) => place !== undefined).length < 50);
});

test('many small ones are kept, and read again when they made room', () => {
  const origins = Array.from({ length: 200 }, (_, n) => origin(`${n}.ts`, 100));
  for (let round = 0; round < 3; round++) {
    for (const [n, one] of origins.entries()) assert.equal(codePlaces(one)(1, 1), `${n}.ts:1:1`);
  }
});

test('a list of sources is no way around the bounds', () => {
  const map = JSON.stringify({ version: 3, sources: Array(700_000).fill('a'), mappings: 'AAAA' });
  assert.equal(codePlaces({ source: '', map, captured: [] })(1, 1), undefined);
});
