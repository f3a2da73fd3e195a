/**
 * Passes only the msgpack that an artifact record is made of: maps, arrays, strings and unsigned
 * integers, few levels deep, and as keys of maps only what fields are called. msgpackr must never
 * see anything else: its extension types reach constructors of the host and even `new Function`,
 * whatever its options say.
 */

/**
 * Most values a record may hold; an empty array takes one byte here and fifty in memory. A captured
 * variable takes nine.
 */
export const MAX_RECORD_VALUES = 100_000;

// The deepest are the fields of a captured value: record, origin, captured, value, field.
const MAX_DEPTH = 5;

/** Whether all of `bytes` is one such value. Takes time linear in their length. */
export function isPlainRecord(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // How many values each open container still waits for, and whether these are keys in turn.
  const open = [1];
  const keyed = [false];
  let at = 0;
  let values = 0;
  while (open.length > 0) {
    const missing = open[open.length - 1] ?? 0;
    if (missing === 0) {
      open.pop();
      keyed.pop();
      continue;
    }
    open[open.length - 1] = missing - 1;
    const isKey = missing % 2 === 0 && keyed[keyed.length - 1] === true;
    if (isKey && !isFieldName(view, at)) return false;
    const token = readToken(view, at);
    if (token === undefined || ++values > MAX_RECORD_VALUES) return false;
    at = token.end;
    if (token.children > view.byteLength - at) return false;
    if (token.children > 0) {
      open.push(token.children);
      keyed.push(token.isMap);
    }
    if (open.length > MAX_DEPTH) return false;
  }
  return at === view.byteLength;
}

interface Token {
  /** Where the next value begins. */
  readonly end: number;
  /** How many values follow that belong to this one. */
  readonly children: number;
  /** Whether these are keys and values in turn. */
  readonly isMap: boolean;
}

/**
 * Whether a short name begins here that a letter begins. Of an object with numbers for keys, 13 bytes
 * here can be 31 kB in memory.
 */
function isFieldName(view: DataView, at: number): boolean {
  if (at + 1 >= view.byteLength) return false;
  const type = view.getUint8(at);
  const first = view.getUint8(at + 1);
  return type > 0xa0 && type < 0xc0 && first >= 0x61 && first <= 0x7a;
}

function readToken(view: DataView, at: number): Token | undefined {
  if (at >= view.byteLength) return undefined;
  const type = view.getUint8(at);
  if (type < 0x80) return { end: at + 1, children: 0, isMap: false };
  if (type < 0x90) return { end: at + 1, children: (type & 0x0f) * 2, isMap: true };
  if (type < 0xa0) return { end: at + 1, children: type & 0x0f, isMap: false };
  if (type < 0xc0) return within(view, at + 1 + (type & 0x1f));
  const width = WIDTHS.get(type);
  if (width === undefined || at + 1 + width > view.byteLength) return undefined;
  const end = at + 1 + width;
  if (type <= 0xce) return { end, children: 0, isMap: false };
  const length = readLength(view, at + 1, width);
  if (type <= 0xdb) return within(view, end + length);
  const isMap = type >= 0xde;
  return { end, children: isMap ? length * 2 : length, isMap };
}

// uint 8/16/32; string 8/16/32; array 16/32; map 16/32: how wide the number after the type is.
const WIDTHS: ReadonlyMap<number, number> = new Map([
  [0xcc, 1],
  [0xcd, 2],
  [0xce, 4],
  [0xd9, 1],
  [0xda, 2],
  [0xdb, 4],
  [0xdc, 2],
  [0xdd, 4],
  [0xde, 2],
  [0xdf, 4],
]);

function readLength(view: DataView, at: number, width: number): number {
  if (width === 1) return view.getUint8(at);
  return width === 2 ? view.getUint16(at) : view.getUint32(at);
}

function within(view: DataView, end: number): Token | undefined {
  return end <= view.byteLength ? { end, children: 0, isMap: false } : undefined;
}
