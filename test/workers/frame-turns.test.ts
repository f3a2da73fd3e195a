import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Frame } from '../../src/codec/frame.ts';
import { FrameTurns } from '../../workers/frame-turns.ts';

function frame(id: number, body = ''): Frame {
  return { kind: 1, detail: 0, id, cost: 0, body: Buffer.from(body) };
}

/** Takes frames, each of which is said to have cost `costMs`. */
function startTurns(costMs: number): {
  turns: FrameTurns;
  taken: string[];
  done: Promise<void>;
  turnsTaken: () => number;
} {
  const taken: string[] = [];
  const { promise: done, resolve } = Promise.withResolvers<void>();
  let count = 0;
  const turns = new FrameTurns(
    ({ id, body }) => {
      taken.push(`${id} ${body.toString()}`);
      return costMs;
    },
    (isDone) => {
      count += 1;
      if (isDone) resolve();
    },
  );
  return { turns, taken, done, turnsTaken: () => count };
}

test('frames that cost little are taken at once, in one turn', () => {
  const { turns, taken, turnsTaken } = startTurns(0.01);
  turns.add([frame(1), frame(2), frame(3)]);
  assert.deepEqual(taken, ['1 ', '2 ', '3 ']);
  assert.equal(turnsTaken(), 1);
});

test('frames that cost much are taken one a turn, in their order, with those that come meanwhile behind', async () => {
  const { turns, taken, done, turnsTaken } = startTurns(10);
  const shared = Buffer.from('first');
  turns.add([frame(1), { ...frame(2), body: shared }, frame(3)]);
  assert.deepEqual(taken, ['1 ']);
  // The memory that frames came in is used again.
  shared.write('other');
  turns.add([frame(4)]);
  await done;
  assert.deepEqual(taken, ['1 ', '2 first', '3 ', '4 ']);
  assert.equal(turnsTaken(), 4);
});

test('what was not taken when the lane ends never is', async () => {
  const { turns, taken, done } = startTurns(10);
  turns.add([frame(1), frame(2)]);
  turns.clear();
  await done;
  assert.deepEqual(taken, ['1 ']);
});
