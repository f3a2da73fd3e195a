import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Suspects } from '../../src/pool/suspects.ts';

const MINUTE = 60_000;

/** What is held against functions, with a clock that only the test turns. */
function startSuspects(): { suspects: Suspects; pass: (ms: number) => void } {
  let now = 1000;
  const suspects = new Suspects(() => now);
  return {
    suspects,
    pass: (ms) => {
      now += ms;
    },
  };
}

test('a function in which a shared executor hung or crashed is a suspect, others are clear', () => {
  for (const ending of ['overdue', 'crashed', 'broken'] as const) {
    const { suspects } = startSuspects();
    suspects.sharedEnded(ending, ['bad']);
    assert.equal(suspects.standing('bad'), 'suspect', ending);
    assert.equal(suspects.standing('good'), 'clear');
    assert.deepEqual(suspects.list(), [{ function: 'bad', kills: 0 }]);
  }
});

test('an executor that somebody else killed is held against nobody', () => {
  const { suspects } = startSuspects();
  suspects.sharedEnded('killed', ['good']);
  assert.equal(suspects.standing('good'), 'clear');
  suspects.sharedEnded('overdue', ['bad']);
  suspects.apartEnded('killed', ['bad']);
  assert.deepEqual(suspects.list(), [{ function: 'bad', kills: 0 }]);
});

test('the second end of the executor for suspects is quarantine', () => {
  const { suspects, pass } = startSuspects();
  suspects.sharedEnded('overdue', ['bad']);
  suspects.apartEnded('overdue', ['bad']);
  assert.equal(suspects.standing('bad'), 'suspect');
  suspects.apartEnded('overdue', ['bad']);
  assert.equal(suspects.standing('bad'), 'quarantined');
  assert.equal(suspects.quarantineMs('bad'), 2 * MINUTE);
  pass(2 * MINUTE);
  assert.equal(suspects.standing('bad'), 'suspect');
});

test('quarantine doubles each time, up to an hour or so, and one more end is enough for it', () => {
  const { suspects, pass } = startSuspects();
  suspects.sharedEnded('crashed', ['bad']);
  suspects.apartEnded('crashed', ['bad']);
  const minutes = Array.from({ length: 7 }, () => {
    suspects.apartEnded('crashed', ['bad']);
    const ms = suspects.quarantineMs('bad');
    pass(ms);
    return ms / MINUTE;
  });
  assert.deepEqual(minutes, [2, 4, 8, 16, 32, 64, 64]);
});

test('a suspect that behaves is cleared in time, and is watched for longer the next time', () => {
  const { suspects, pass } = startSuspects();
  suspects.sharedEnded('overdue', ['bad']);
  pass(10 * MINUTE);
  assert.equal(suspects.standing('bad'), 'clear');
  assert.deepEqual(suspects.list(), []);
  suspects.sharedEnded('overdue', ['bad']);
  pass(10 * MINUTE);
  assert.equal(suspects.standing('bad'), 'suspect');
  pass(10 * MINUTE);
  assert.equal(suspects.standing('bad'), 'clear');
});

test('after two hours without trouble it is as if there had been none', () => {
  const { suspects, pass } = startSuspects();
  for (let time = 0; time < 3; time += 1) suspects.sharedEnded('overdue', ['bad']);
  pass(40 * MINUTE + 120 * MINUTE);
  suspects.sharedEnded('overdue', ['bad']);
  pass(10 * MINUTE);
  assert.equal(suspects.standing('bad'), 'clear');
});

test('who was running when memory ran out is apart for a minute, and blamed only if it happens there', () => {
  const { suspects, pass } = startSuspects();
  suspects.sharedEnded('memory', ['good', 'hog']);
  assert.equal(suspects.standing('good'), 'suspect');
  suspects.apartEnded('memory', ['hog']);
  assert.deepEqual(suspects.list(), [{ function: 'hog', kills: 1 }]);
  pass(MINUTE);
  assert.equal(suspects.standing('good'), 'clear');
});

test('when one of those that ran is found to be the culprit, the others are cleared', () => {
  const { suspects } = startSuspects();
  suspects.sharedEnded('crashed', ['good', 'bad']);
  suspects.sharedEnded('crashed', ['other']);
  suspects.apartEnded('crashed', ['bad']);
  assert.equal(suspects.standing('good'), 'clear');
  assert.equal(suspects.standing('bad'), 'suspect');
  assert.equal(suspects.standing('other'), 'suspect');
});

test('names that come and go without end are forgotten, the oldest first', () => {
  const { suspects } = startSuspects();
  for (let index = 0; index < 10_050; index += 1) {
    suspects.sharedEnded('overdue', [`bad-${index}`]);
  }
  assert.equal(suspects.list().length, 10_000);
  assert.equal(suspects.standing('bad-0'), 'clear');
  assert.equal(suspects.standing('bad-10049'), 'suspect');
});
