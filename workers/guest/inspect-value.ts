import {
  type Brand,
  brandOf,
  classNameOf,
  hasSlot,
  ownValue,
  regexpFlags,
} from '../../src/codec/brand.ts';
import { mapItems, setItems } from '../../src/codec/collections.ts';
import { newArray } from '../../src/codec/own-property.ts';
import {
  ArrayBufferPrototypeGetByteLength,
  ArrayIsArray,
  DatePrototypeGetTime,
  DatePrototypeToISOString,
  JSONStringify,
  MathMin,
  MathTrunc,
  NumberOf,
  NumberParseFloat,
  ObjectGetOwnPropertyDescriptor,
  ObjectGetPrototypeOf,
  ObjectHasOwn,
  ObjectKeys,
  RegExpPrototypeGetSource,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
  TypedArrayPrototypeGetLength,
} from '../../src/codec/primordials.ts';
import { encloseParts, isIdentifier, scalarText } from '../../src/codec/value-text.ts';

const MAX_TEXT = 10_000;
const MAX_ITEMS = 100;
const MAX_KEY = 72;
const DEFAULT_DEPTH = 2;
const DETAILED_DEPTH = 4;
const NOT_A_NUMBER = Number.NaN;

/** What is left of the text's length, which every part takes from, and the way to the value. */
interface Page {
  left: number;
  readonly depth: number;
  readonly path: unknown[];
  level: number;
}

/**
 * The text of one `console.log(...args)`, at most 10,000 characters: strings as they are, `%s %d %i
 * %f %j %o %O %c %%` in the first one filled in, the rest like Node's inspect. Accessors are not
 * called; what a proxy throws passes through.
 */
export function formatLog(args: readonly unknown[]): string {
  const first = args[0];
  let used = 0;
  let text = '';
  if (typeof first === 'string') {
    const filled = fillTemplate(first, args);
    text = filled.text;
    used = filled.used;
  }
  for (let index = used; index < args.length && text.length <= MAX_TEXT; index += 1) {
    const arg = args[index];
    text += index > 0 ? ' ' : '';
    text += typeof arg === 'string' ? arg : inspect(arg, DEFAULT_DEPTH);
  }
  return text.length <= MAX_TEXT ? text : `${StringPrototypeSlice(text, 0, MAX_TEXT - 1)}…`;
}

/** Fills in a first argument; `used` counts the arguments that are done with, itself included. */
function fillTemplate(template: string, args: readonly unknown[]): { text: string; used: number } {
  let text = '';
  let used = 1;
  let from = 0;
  while (used < args.length && text.length <= MAX_TEXT) {
    const at = StringPrototypeIndexOf(template, '%', from);
    if (at < 0 || at === template.length - 1) break;
    const letter = StringPrototypeSlice(template, at + 1, at + 2);
    const part = letter === '%' ? '%' : fill(letter, args[used]);
    text += StringPrototypeSlice(template, from, part === undefined ? at + 1 : at);
    if (part !== undefined) {
      text += part;
      if (letter !== '%') used += 1;
    }
    from = part === undefined ? at + 1 : at + 2;
  }
  return { text: text + StringPrototypeSlice(template, from), used };
}

function fill(letter: string, value: unknown): string | undefined {
  switch (letter) {
    case 's':
      return typeof value === 'string' ? value : inspect(value, 0);
    case 'd':
      return typeof value === 'bigint' ? `${value}n` : inspect(toNumber(value), 0);
    case 'i':
      return typeof value === 'bigint' ? `${value}n` : inspect(MathTrunc(toFloat(value)), 0);
    case 'f':
      return inspect(toFloat(value), 0);
    case 'j':
      return JSONStringify(value) ?? 'undefined';
    case 'o':
      return inspect(value, DETAILED_DEPTH);
    case 'O':
      return inspect(value, DEFAULT_DEPTH);
    case 'c':
      return '';
  }
  return undefined;
}

function toNumber(value: unknown): number {
  return typeof value === 'symbol' || typeof value === 'object' ? NOT_A_NUMBER : NumberOf(value);
}

function toFloat(value: unknown): number {
  return NumberParseFloat(typeof value === 'string' ? value : `${toNumber(value)}`);
}

function inspect(value: unknown, depth: number): string {
  return render({ left: MAX_TEXT, depth, path: newArray(DETAILED_DEPTH + 1), level: 0 }, value);
}

function render(page: Page, value: unknown): string {
  if (page.left <= 0) return '…';
  page.left -= 1;
  if (typeof value === 'object' && value !== null) return renderObject(page, value);
  const text = scalarText(value, page.left);
  page.left -= text.length;
  return text;
}

function renderObject(page: Page, value: object): string {
  for (let level = 0; level < page.level; level += 1) {
    if (page.path[level] === value) return '[Circular]';
  }
  const brand = ArrayIsArray(value) ? 'none' : brandOf(value);
  if (brand === 'Date') return renderDate(value as Date);
  if (brand === 'none' && hasSlot(RegExpPrototypeGetSource, value)) {
    return `/${RegExpPrototypeGetSource(value)}/${regexpFlags(value)}`;
  }
  const name = nameOf(value, brand);
  if (page.level > page.depth) return `[${name}]`;
  page.path[page.level] = value;
  page.level += 1;
  const text = renderContent(page, value, name, brand);
  page.level -= 1;
  return text;
}

function renderContent(page: Page, value: object, name: string, brand: Brand): string {
  if (ArrayIsArray(value)) {
    return renderList(
      page,
      name === 'Array' ? '' : `${name}(${value.length}) `,
      value,
      value.length,
    );
  }
  switch (brand) {
    case 'TypedArray': {
      const length = TypedArrayPrototypeGetLength(value);
      return renderList(page, `${name}(${length}) `, value as unknown[], length);
    }
    case 'Map':
      return renderMap(page, value as Map<unknown, unknown>, name);
    case 'Set':
      return renderSet(page, value as Set<unknown>, name);
    case 'ArrayBuffer':
      return `${name} { byteLength: ${ArrayBufferPrototypeGetByteLength(value)} }`;
    case 'Error':
      return renderError(page, value as Error, name);
    default:
      return renderFields(page, name === 'Object' ? '' : `${name} `, value);
  }
}

function renderList(page: Page, prefix: string, list: readonly unknown[], length: number): string {
  const shown = MathMin(length, MAX_ITEMS);
  const parts = newArray(length > shown ? shown + 1 : shown) as string[];
  for (let index = 0; index < shown; index += 1) {
    parts[index] = ObjectHasOwn(list, index) ? render(page, list[index]) : '<empty>';
  }
  return enclose(page, parts, `${prefix}[`, ']', length);
}

function renderMap(page: Page, map: Map<unknown, unknown>, name: string): string {
  const items = mapItems(map);
  const size = items.length / 2;
  const parts = newArray(MathMin(size, MAX_ITEMS + 1)) as string[];
  for (let index = 0; index < size && index < MAX_ITEMS; index += 1) {
    const key = render(page, items[index * 2]);
    parts[index] = `${key} => ${render(page, items[index * 2 + 1])}`;
  }
  return enclose(page, parts, `${name}(${size}) {`, '}', size);
}

function renderSet(page: Page, set: Set<unknown>, name: string): string {
  const items = setItems(set);
  const size = items.length;
  const parts = newArray(MathMin(size, MAX_ITEMS + 1)) as string[];
  for (let index = 0; index < size && index < MAX_ITEMS; index += 1) {
    parts[index] = render(page, items[index]);
  }
  return enclose(page, parts, `${name}(${size}) {`, '}', size);
}

function renderError(page: Page, error: Error, name: string): string {
  const stack: unknown = error.stack;
  const text = typeof stack === 'string' ? stack : `[${name}]`;
  page.left -= text.length;
  const fields = renderFields(page, '', error);
  const cause = ownValue(error, 'cause');
  const own = fields === '{}' ? text : `${text} ${fields}`;
  return cause === undefined ? own : `${own}\n[cause]: ${render(page, cause)}`;
}

function renderFields(page: Page, prefix: string, object: object): string {
  const keys = ObjectKeys(object);
  const parts = newArray(MathMin(keys.length, MAX_ITEMS + 1)) as string[];
  for (let index = 0; index < keys.length && index < MAX_ITEMS; index += 1) {
    const key = keys[index] as string;
    const shown = isIdentifier(key) ? key : scalarText(key, MAX_KEY);
    parts[index] = `${shown}: ${renderProperty(page, object, key)}`;
    page.left -= shown.length;
  }
  return enclose(page, parts, `${prefix}{`, '}', keys.length);
}

function renderProperty(page: Page, object: object, key: string): string {
  const descriptor = ObjectGetOwnPropertyDescriptor(object, key);
  if (descriptor !== undefined && !ObjectHasOwn(descriptor, 'value')) return '[Getter]';
  return render(page, descriptor?.value);
}

function enclose(page: Page, parts: string[], open: string, close: string, total: number): string {
  if (total > MAX_ITEMS) parts[MAX_ITEMS] = `... ${total - MAX_ITEMS} more items`;
  return encloseParts(parts, open, close, page.level);
}

function nameOf(value: object, brand: Brand): string {
  const name = classNameOf(value);
  if (name !== '') return name;
  if (brand !== 'none') return brand;
  return ObjectGetPrototypeOf(value) === null ? '[Object: null prototype]' : 'Object';
}

function renderDate(date: Date): string {
  const ms = DatePrototypeGetTime(date);
  return MathTrunc(ms) === ms ? DatePrototypeToISOString(date) : 'Invalid Date';
}
