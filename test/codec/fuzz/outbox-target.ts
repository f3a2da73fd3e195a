import { HEADER_BYTES } from '../../../src/codec/frame.ts';
import { OUTBOX_HEAD, readRecords } from '../../../workers/records.ts';
import { mutate } from './mutate.ts';
import { stream } from './stream-target.ts';
import type { Target } from './target.ts';
import { demand } from './violation.ts';

/** What a guest leaves for its worker. */
export const OUTBOX: Target = {
  name: 'outboxes of guests',
  share: 8,
  make: (random) => {
    const outbox = Buffer.concat([random.bytes(OUTBOX_HEAD), stream(random)]);
    return random.oneIn(4) ? outbox : mutate(outbox, random, () => stream(random));
  },
  run: (outbox, random, probe) => {
    const end = random.oneIn(6) ? random.next() % (outbox.length + 20) : outbox.length;
    let at = OUTBOX_HEAD;
    const isWhole = probe.measure(() =>
      readRecords(outbox, end, ({ body, id }) => {
        demand(body.buffer === outbox.buffer, 'a body is a copy');
        demand(body.byteOffset === outbox.byteOffset + at + HEADER_BYTES, 'a body lies elsewhere');
        demand(outbox.readUInt32LE(at + 4) === id, 'a record has another id');
        at += HEADER_BYTES + body.length;
        demand(at <= end && end <= outbox.length, 'a record lies outside of its outbox');
      }),
    );
    const isExact = at === end && end <= outbox.length;
    demand(isWhole === isExact, 'an outbox is taken for whole, or not');
    return isWhole ? 'passed' : 'no whole records';
  },
};
