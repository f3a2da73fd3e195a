import { ownValue } from './brand.ts';
import {
  JSONStringify,
  StringPrototypeCharCodeAt,
  StringPrototypeIndexOf,
  StringPrototypeRepeat,
  StringPrototypeSlice,
  SymbolPrototypeToString,
} from './primordials.ts';

const MAX_IDENTIFIER = 100;
const MAX_LINE = 72;

/** Whether a key can stand behind a dot or before a colon as it is; ASCII only, and not too long. */
export function isIdentifier(key: string): boolean {
  if (key.length === 0 || key.length > MAX_IDENTIFIER) return false;
  for (let index = 0; index < key.length; index += 1) {
    const unit = StringPrototypeCharCodeAt(key, index);
    const isDigit = unit >= 0x30 && unit <= 0x39;
    const lower = unit | 0x20;
    const isLetter = (lower >= 0x61 && lower <= 0x7a && unit < 0x80) || unit === 0x24;
    if (!isLetter && unit !== 0x5f && !(isDigit && index > 0)) return false;
  }
  return true;
}

/** The text in double quotes, with escapes, cut to `maxLength` characters. */
export function quoteText(text: string, maxLength: number): string {
  const part = text.length > maxLength ? `${StringPrototypeSlice(text, 0, maxLength)}…` : text;
  return JSONStringify(part) as string;
}

/** Any value but an object, as code would show it, in about `maxLength` characters. */
export function scalarText(value: unknown, maxLength: number): string {
  switch (typeof value) {
    case 'string':
      return stringText(value, maxLength);
    case 'bigint':
      return `${value}n`;
    case 'symbol':
      return SymbolPrototypeToString(value);
    case 'number':
      return value === 0 && 1 / value < 0 ? '-0' : `${value}`;
    case 'function':
      return functionText(value);
    default:
      return `${value as null | undefined | boolean}`;
  }
}

function stringText(text: string, maxLength: number): string {
  let plain = text.length <= maxLength;
  for (let index = 0; plain && index < text.length; index += 1) {
    const unit = StringPrototypeCharCodeAt(text, index);
    plain = unit >= 0x20 && unit !== 0x27 && unit !== 0x5c && unit !== 0x7f;
  }
  return plain ? `'${text}'` : quoteText(text, maxLength);
}

function functionText(value: object): string {
  const name = ownValue(value, 'name');
  if (typeof name !== 'string' || name === '') return '[Function (anonymous)]';
  return `[Function: ${StringPrototypeSlice(name, 0, MAX_IDENTIFIER)}]`;
}

/**
 * Parts in brackets: on one line when they fit there; else lines of several in a list, and a line
 * each in everything else. `level` is the indentation of the parts.
 */
export function encloseParts(
  parts: readonly string[],
  open: string,
  close: string,
  level: number,
): string {
  if (parts.length === 0) return open + close;
  const isWide = open.length + totalWidth(parts) > MAX_LINE;
  const isList = close === ']';
  const indent = `\n${StringPrototypeRepeat('  ', level)}`;
  let text = open;
  let column = isList ? MAX_LINE : 0;
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index] as string;
    const breaks = isWide && (!isList || column + part.length > MAX_LINE);
    column = breaks ? part.length + 2 : column + part.length + 2;
    text += (index > 0 ? ',' : '') + (breaks ? indent : ' ') + part;
  }
  return text + (isWide ? StringPrototypeSlice(indent, 0, indent.length - 2) : ' ') + close;
}

function totalWidth(parts: readonly string[]): number {
  let width = 0;
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index] as string;
    width += StringPrototypeIndexOf(part, '\n') < 0 ? part.length + 2 : MAX_LINE;
  }
  return width;
}
