/** `atob` and `btoa` of HTML, over forgiving base64 (https://infra.spec.whatwg.org/#forgiving-base64). */
import { StringPrototypeCharCodeAt } from '../../../src/codec/primordials.ts';
import { newDOMException } from '../dom-error.ts';
import { CodeUnits } from './code-units.ts';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const PADDING = 61;
const VALUES = new Int8Array(128).fill(-1);
for (let value = 0; value < DIGITS.length; value += 1) VALUES[DIGITS.charCodeAt(value)] = value;

/** Bytes, each as a character up to U+00FF, in base64. */
export function btoa(...args: [data: unknown]): string {
  const text = onlyArgument('btoa', args);
  const units = new CodeUnits();
  for (let at = 0; at < text.length; at += 3) {
    const left = text.length - at;
    const bits =
      (byteAt(text, at) << 16) |
      ((left > 1 ? byteAt(text, at + 1) : 0) << 8) |
      (left > 2 ? byteAt(text, at + 2) : 0);
    units.push(digit(bits >> 18));
    units.push(digit(bits >> 12));
    units.push(left > 1 ? digit(bits >> 6) : PADDING);
    units.push(left > 2 ? digit(bits) : PADDING);
  }
  return units.take();
}

/** The bytes of base64, each as a character. White space is skipped and padding may be missing. */
export function atob(...args: [data: unknown]): string {
  const text = onlyArgument('atob', args).replace(/[\t\n\f\r ]+/g, '');
  const end = text.length - paddingOf(text);
  if (end % 4 === 1) throw invalid('the string to be decoded has a wrong length');
  const units = new CodeUnits();
  let bits = 0;
  let bitCount = 0;
  for (let at = 0; at < end; at += 1) {
    bits = ((bits << 6) | valueAt(text, at)) & 0xffff;
    bitCount += 6;
    if (bitCount < 8) continue;
    bitCount -= 8;
    units.push((bits >> bitCount) & 0xff);
  }
  return units.take();
}

function onlyArgument(name: string, args: readonly unknown[]): string {
  if (args.length === 0) throw new TypeError(`${name} needs the string to convert`);
  return `${args[0]}`;
}

function paddingOf(text: string): number {
  if (text.length % 4 !== 0) return 0;
  return text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
}

function byteAt(text: string, at: number): number {
  const unit = StringPrototypeCharCodeAt(text, at);
  if (unit > 0xff) throw invalid('the string to be encoded has characters beyond U+00FF');
  return unit;
}

function valueAt(text: string, at: number): number {
  // NaN and numbers behind the table give undefined.
  const value = VALUES[StringPrototypeCharCodeAt(text, at)] ?? -1;
  if (value < 0) throw invalid('the string to be decoded has characters that are not of base64');
  return value;
}

function digit(bits: number): number {
  return StringPrototypeCharCodeAt(DIGITS, bits & 63);
}

function invalid(message: string): Error {
  return newDOMException(message, 'InvalidCharacterError');
}
