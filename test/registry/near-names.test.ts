import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { nearestNames } from '../../src/registry/near-names.ts';

/** What all of it may take here, ms of this process; without bounds it takes seconds. */
const CHEAP_MS = 250;

describe('names that come near', () => {
  it('are those with a few slips, and those that contain it or are contained', () => {
    const names = ['price', 'pricing', 'ship', 'Checkout', 'price of shipping'];
    assert.deepEqual(nearestNames('prise', names), ['price']);
    assert.deepEqual(nearestNames('chekout', names), ['Checkout']);
    assert.deepEqual(nearestNames('shipping', names), ['ship', 'price of shipping']);
    assert.deepEqual(nearestNames('refund', names), []);
  });

  it('are found among thousands that are more alike in length', () => {
    const others = Array.from({ length: 5000 }, (_, n) => `job-${String(n).padStart(6, 'x')}`);
    assert.deepEqual(nearestNames('chekout', [...others, 'checkout']), ['checkout']);
  });

  it('are as near as the slips between them say', () => {
    const letters = fc.string({
      unit: fc.constantFrom('a', 'b', 'c'),
      minLength: 6,
      maxLength: 24,
    });
    fc.assert(
      fc.property(letters, letters, (wanted, name) => {
        if (name.includes(wanted) || wanted.includes(name)) return;
        const allowed = Math.min(8, Math.floor(wanted.length / 3));
        assert.equal(nearestNames(wanted, [name]).length === 1, slips(wanted, name) <= allowed);
      }),
    );
  });

  const long = (letter: string) => `GET /api/${letter.repeat(230)}`;
  const crowds: Readonly<Record<string, readonly [wanted: string, name: (n: number) => string]>> = {
    'that differ in all': [long('y'), (n) => `${long('x')}${n}`],
    'that differ in the end': [`${long('x')}none`, (n) => `${long('x')}${n}`],
    'of one letter': ['a'.repeat(127), (n) => `${'a'.repeat(125)}b${'a'.repeat(100)}${n}`],
    'that are longer than names can be': ['f', (n) => 'f'.repeat(5000 + n)],
  };
  for (const [title, [wanted, name]] of Object.entries(crowds)) {
    it(`are looked for in a moment among 3,000 names ${title}`, () => {
      const names = Array.from({ length: 3000 }, (_, n) => name(n));
      const before = process.cpuUsage();
      nearestNames(wanted, names);
      const { user, system } = process.cpuUsage(before);
      assert.ok((user + system) / 1000 < CHEAP_MS, `${(user + system) / 1000} ms`);
    });
  }
});

/** Levenshtein's distance as it is defined. */
function slips(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [line, letter] of [...a].entries()) {
    const next = [line + 1];
    for (const [column, other] of [...b].entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
