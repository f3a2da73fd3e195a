import { homedir, tmpdir } from 'node:os';
import { type CodecFailure, isCodecFailure } from './codec/codec-failure.ts';
import { encodeValue } from './codec/encode.ts';
import { failureError } from './codec/failures.ts';
import { isScatterError, ScatterError } from './errors.ts';

const MAX_MESSAGE = 4096;
const MAX_WORD = 200;
const MAX_ERROR_BYTES = 256 * 1024;
// No newline among the blanks: a text of newlines would be looked through once for each.
const STACK_FRAMES = /\n[^\S\n]+at .*/gs;
const FILE_URL = /file:\/\/\S*/g;
const HIDDEN = '…';

// Assigned once by the class: `instanceof` asks the object, which may be a revoked proxy.
let hasBrand: (value: object) => boolean;

/** What a guest may hear as it is; everything else that is thrown is cleaned before. */
export class CapabilityRefusal extends ScatterError {
  readonly #brand = true;

  static {
    hasBrand = (value) => #brand in value;
  }
}

export function isCapabilityRefusal(value: unknown): value is CapabilityRefusal {
  return typeof value === 'object' && value !== null && hasBrand(value);
}

interface GuestFailure {
  readonly name: string;
  readonly message: string;
  readonly code: string | number;
}

const PLAIN = { name: 'Error', code: 'SCATTER_ERR_CAPABILITY_FAILED' };

/** The encoded error that a guest gets: name, message and code, nothing else. Never throws. */
export function encodeCapabilityFailure(thrown: unknown, shown: string): Uint8Array {
  const { name, message, code } = failureOf(thrown, shown);
  const error = Object.assign(new Error(message), { name, code });
  return encodeValue(error, { root: 'error', maxBytes: MAX_ERROR_BYTES });
}

function failureOf(thrown: unknown, shown: string): GuestFailure {
  if (isCapabilityRefusal(thrown)) return { ...PLAIN, message: thrown.message, code: thrown.code };
  if (isCodecFailure(thrown)) return codecFailure(thrown, shown);
  if (typeof thrown === 'string') return { ...PLAIN, message: cleanMessage(thrown, []) };
  if (!Error.isError(thrown)) return { ...PLAIN, message: `${shown} threw what is no error` };
  try {
    return errorFailure(thrown, shown);
  } catch {
    // Its prototype or a field of it throws when it is looked at; that is all there is to say.
    return { ...PLAIN, message: `${shown} threw what cannot be read` };
  }
}

// An implementation's error is this program's: its stack, its fields and the paths in its message are
// none of a guest's business.
function errorFailure(thrown: Error, shown: string): GuestFailure {
  if (isScatterError(thrown)) {
    return { ...PLAIN, message: `${shown} failed: ${thrown.code}`, code: thrown.code };
  }
  const code: unknown = Reflect.get(thrown, 'code');
  const paths = [Reflect.get(thrown, 'path'), Reflect.get(thrown, 'dest')];
  return {
    name: textOf(thrown.name, MAX_WORD) || PLAIN.name,
    message: cleanMessage(thrown.message, paths),
    code: typeof code === 'number' ? code : textOf(code, MAX_WORD) || PLAIN.code,
  };
}

function codecFailure(failure: CodecFailure, shown: string): GuestFailure {
  const { code, message } = failureError(failure);
  return { name: 'TypeError', message: `${shown}: ${message}`, code };
}

/** `secrets`: more texts that are not to be shown, the paths that a system error has as fields. */
function cleanMessage(message: unknown, secrets: readonly unknown[]): string {
  let text = textOf(message, MAX_MESSAGE).replace(STACK_FRAMES, '').replace(FILE_URL, HIDDEN);
  for (const secret of secrets) {
    if (typeof secret === 'string' && secret.length > 1) text = text.replaceAll(secret, HIDDEN);
  }
  for (const folder of [process.cwd(), homedir(), tmpdir()]) {
    if (folder.length > 1) text = withoutPaths(text, folder);
  }
  return text;
}

/** Takes out the paths below `folder`, and nothing that only looks alike, such as part of a url. */
function withoutPaths(text: string, folder: string): string {
  const literal = folder.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
  const path = new RegExp(`(?<![\\w.-])${literal}(?![\\w.-])[^\\s'"\`),;]*`, 'g');
  return text.replaceAll(path, HIDDEN);
}

function textOf(value: unknown, max: number): string {
  return typeof value === 'string' ? value.slice(0, max).toWellFormed() : '';
}
