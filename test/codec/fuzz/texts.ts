import type { Random } from './random.ts';

const NAMES = ['a', 'id', 'name', 'stack', 'message', 'cause', 'errors', 'data', 'reason', 'path'];
const INHERITED = ['__proto__', 'constructor', 'toString', 'valueOf', 'then', 'toJSON', 'length'];
const INDICES = ['0', '7', '15', '16', '300', '1023', '2575', '3300', '4999', '4294967294', '-1'];
const HALVES = ['\ud800', 'a\udfff', '\udc00\ud800'];
const ALPHABETS = ['abc', 'é', '日本語', '😀', '\u0000\u007f\u0080\u07ff\u0800\uffff'];

/** A key of an object, of those that have a meaning somewhere more often than any others. */
export function randomKey(random: Random): string {
  const list = random.pick([NAMES, NAMES, INHERITED, INDICES]);
  return random.oneIn(3) ? randomText(random) : random.pick(list);
}

export function randomText(random: Random): string {
  if (random.oneIn(12)) return random.pick(HALVES).padStart(random.length(60), 'z');
  const alphabet = random.pick(ALPHABETS);
  // Around the lengths of headers, and where the codec changes its way of working.
  const exact = random.pick([15, 16, 31, 32, 39, 40, 127, 128, 255, 256]);
  const length = random.oneIn(10) ? exact : random.length(random.oneIn(100) ? 70_000 : 40);
  return alphabet
    .repeat(Math.ceil(length / alphabet.length))
    .slice(0, length)
    .toWellFormed();
}
