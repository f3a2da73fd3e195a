import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isScatterError } from '../../src/errors.ts';
import {
  absentFunction,
  addVersion,
  type FunctionState,
  functionExists,
  HISTORY_CAPACITY,
  MAX_VERSIONS,
  moveAll,
  prune,
  removeFunction,
  repeatLatest,
  rollback,
  setAlias,
} from '../../src/registry/function-state.ts';

describe('function state', () => {
  it('gives the very same state back when nothing changes', () => {
    const state = setAlias(withVersions(2), 'stable', 1);
    assert.equal(moveAll(state, 2, 9), state);
    assert.equal(repeatLatest(state, 9, true), state);
    assert.equal(setAlias(state, 'stable', 1), state);
    assert.equal(prune(state, 1, []).state, state);
  });

  it('rollback after a prune takes steps that move, and no step onto the same version', () => {
    const moved = [1, 2, 1, 2].reduce((state, to) => moveAll(state, to, 5), withVersions(3));
    const pruned = prune(moveAll(moved, 3, 6), 2, []).state;
    assert.deepEqual(pruned.versions, [2, 3]);
    const back = rollback(pruned, 7);
    assert.equal(back.latest, 2);
    // Before lay 1 (pruned), 2 and 1 again, and the 3 it all began with.
    assert.equal(rollback(back, 8).latest, 3);
  });

  it('a function gets no more versions than every instance can read, until old ones are removed', () => {
    const versions = Array.from({ length: MAX_VERSIONS }, (_, n) => n + 1);
    const full = { ...withVersions(1), versions, lastVersion: MAX_VERSIONS };
    assert.throws(() => addVersion(full, 9, true), { code: 'SCATTER_ERR_VALUE_TOO_LARGE' });
    const state = addVersion(prune(full, 50, []).state, 9, true);
    assert.equal(state.latest, MAX_VERSIONS + 1);
  });

  it('an epoch is put on live by what moves followers, and by nothing else', () => {
    const state = withVersions(2);
    assert.equal(addVersion(state, 9, false).liveEpoch, state.liveEpoch);
    assert.equal(addVersion(state, 9, true).liveEpoch, 9);
    assert.equal(setAlias(state, 'x', 1).liveEpoch, state.liveEpoch);
    assert.equal(moveAll(state, 1, 9).liveEpoch, 9);
    assert.equal(rollback(state, 9).liveEpoch, 9);
  });

  it('remembers a bounded number of steps', () => {
    let state = withVersions(2);
    for (let i = 0; i < HISTORY_CAPACITY + 10; i++) state = moveAll(state, 1 + (i % 2), i);
    assert.equal(state.history.length, HISTORY_CAPACITY);
  });

  it('holds its invariants after any sequence of changes', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        let state = absentFunction('add');
        changes.forEach((apply, i) => {
          const next = attempt(() => apply(state, i + 1)) ?? state;
          checkInvariants(state, next);
          state = next;
        });
      }),
    );
  });
});

type Change = (state: FunctionState, epoch: number) => FunctionState;

const number = fc.integer({ min: 0, max: 12 });
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.boolean().map(
    (loud): Change =>
      (state, epoch) =>
        addVersion(state, epoch, loud),
  ),
  number.map(
    (to): Change =>
      (state, epoch) =>
        moveAll(state, to, epoch),
  ),
  number.map(
    (to): Change =>
      (state) =>
        setAlias(state, `a${to % 3}`, to),
  ),
  number.map(
    (below): Change =>
      (state) =>
        prune(state, below, [below - 2]).state,
  ),
  fc.constant<Change>((state, epoch) => rollback(state, epoch)),
  fc.constant<Change>(removeFunction),
);

function checkInvariants(before: FunctionState, after: FunctionState): void {
  const { versions, latest, live, lastVersion, aliases } = after;
  assert.ok(lastVersion >= before.lastVersion, 'no number is given twice');
  const made = versions.filter((version) => !before.versions.includes(version));
  assert.deepEqual(made, lastVersion > before.lastVersion ? [before.lastVersion + 1] : []);
  const sorted = [...versions].sort((a, b) => a - b);
  assert.deepEqual(versions, sorted);
  if (!functionExists(after)) {
    assert.deepEqual(after, absentFunction('add', lastVersion));
    return;
  }
  for (const pointer of [latest, live, ...Object.values(aliases)]) {
    assert.ok(versions.includes(pointer), `${pointer} is pointed at and exists`);
  }
}

function attempt(action: () => FunctionState): FunctionState | undefined {
  try {
    return action();
  } catch (error) {
    if (isScatterError(error)) return undefined;
    throw error;
  }
}

function withVersions(count: number): FunctionState {
  let state = absentFunction('add');
  for (let epoch = 1; epoch <= count; epoch++) state = addVersion(state, epoch, true);
  return state;
}
