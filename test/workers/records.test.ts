import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HEADER_BYTES, writeHeader } from '../../src/codec/frame.ts';
import { FrameReader } from '../../src/codec/frame-reader.ts';
import { FrameWriter } from '../../src/codec/frame-writer.ts';
import { readWatch, WATCH_BYTES, writeWatch } from '../../src/codec/watch-slot.ts';
import { OUTBOX_HEAD, readRecords } from '../../workers/records.ts';

function outboxWith(lengths: readonly number[]): { outbox: Buffer; end: number } {
  const outbox = Buffer.alloc(1024);
  let at = OUTBOX_HEAD;
  for (const [id, length] of lengths.entries()) {
    writeHeader(outbox, at, { kind: 1, detail: 2, id, cost: 0, length });
    at += HEADER_BYTES + length;
  }
  return { outbox, end: at };
}

test('records of an outbox are read in order, up to the committed end', () => {
  const { outbox, end } = outboxWith([3, 0, 5]);
  const read: number[][] = [];
  assert.equal(
    readRecords(outbox, end, ({ id, body }) => read.push([id, body.byteLength])),
    true,
  );
  assert.deepEqual(read, [
    [0, 3],
    [1, 0],
    [2, 5],
  ]);
});

test('an outbox whose records do not end where it says is refused', () => {
  const { outbox, end } = outboxWith([3]);
  const ignore = (): void => undefined;
  for (const wrong of [end - 1, end + 1, 0, -1, 5000, OUTBOX_HEAD + 1]) {
    assert.equal(readRecords(outbox, wrong, ignore), false, `end ${wrong}`);
  }
  outbox.writeUInt32LE(0xffffffff, OUTBOX_HEAD);
  assert.equal(readRecords(outbox, end, ignore), false);
});

test('frames are read whole wherever the stream is cut', () => {
  const writer = new FrameWriter();
  const bodies = [Buffer.alloc(0), Buffer.from('one'), Buffer.alloc(70_000, 7)];
  for (const [id, body] of bodies.entries()) writer.append(3, id, [body], 9, 1.5);
  const stream = writer.take();
  for (const step of [1, 5, 12, 13, 1000, 65_536, stream.byteLength]) {
    const read: Buffer[] = [];
    const reader = new FrameReader((frame) => {
      assert.deepEqual([frame.kind, frame.id, frame.detail], [3, read.length, 9]);
      read.push(Buffer.from(frame.body));
    }, 100_000);
    for (let at = 0; at < stream.byteLength; at += step) {
      reader.feed(stream.subarray(at, at + step));
    }
    assert.deepEqual(read, bodies, `in steps of ${step}`);
  }
});

test('a frame that announces more than is allowed is refused before it is gathered', () => {
  const writer = new FrameWriter();
  writer.append(1, 1, [Buffer.alloc(2000)]);
  const reader = new FrameReader(() => assert.fail('a frame'), 1999);
  assert.throws(() => reader.feed(writer.take().subarray(0, 20)), RangeError);
});

test('a watch slot that is being written is not taken for a whole one', () => {
  const bytes = Buffer.alloc(WATCH_BYTES);
  const slot = {
    sequence: 7,
    state: 1,
    isolateId: 3,
    callId: 3,
    lastBegun: 3,
    limitMs: 100,
    startedMs: 5.25,
  };
  writeWatch(bytes, slot);
  assert.deepEqual(readWatch(bytes, 0), slot);
  bytes.writeUInt32LE(8, 0);
  assert.equal(readWatch(bytes, 0), undefined);
});
