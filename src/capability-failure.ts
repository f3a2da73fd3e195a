import { homedir, tmpdir } from 'node:os';
import { type CodecFailure, isCodecFailure } from './codec/codec-failure.ts';
import { encodeValue } from './codec/encode.ts';
import { failureError } from './codec/failures.ts';
import { isScatterError, ScatterError } from './errors.ts';

const MAX_MESSAGE = 4096;
const MAX_WORD = 200;
const MAX_ERROR_BYTES = 256 * 1024;
const STACK_FRAMES = /\n\s+at .*/gs;
const FILE_URL = /file:\/\/\S*/g;
const HIDDEN = '…';

/** What a guest may hear as it is; everything else that is thrown is cleaned before. */
export class CapabilityRefusal extends ScatterError {}

interface GuestFailure {
  readonly name: string;
  readonly message: string;
  readonly code: string | number;
}

/** The encoded error that a guest gets: name, message and code, nothing else. Never throws. */
export function encodeCapabilityFailure(thrown: unknown, shown: string): Uint8Array {
  const { name, message, code } =
    thrown instanceof CapabilityRefusal
      ? { name: 'Error', message: thrown.message, code: thrown.code }
      : cleanFailure(thrown, shown);
  const error = Object.assign(new Error(message), { name, code });
  return encodeValue(error, { root: 'error', maxBytes: MAX_ERROR_BYTES });
}

// An implementation's error is this program's: its stack, its fields and the paths in its message are
// none of a guest's business.
function cleanFailure(thrown: unknown, shown: string): GuestFailure {
  if (isCodecFailure(thrown)) return codecFailure(thrown, shown);
  const name = 'Error';
  if (isScatterError(thrown)) {
    return { name, message: `${shown} failed: ${thrown.code}`, code: thrown.code };
  }
  const code = 'SCATTER_ERR_CAPABILITY_FAILED';
  if (typeof thrown === 'string') return { name, message: cleanMessage(thrown, []), code };
  if (!Error.isError(thrown)) return { name, message: `${shown} threw what is no error`, code };
  const ownCode = read(thrown, 'code');
  return {
    name: textOf(read(thrown, 'name'), MAX_WORD) || name,
    message: cleanMessage(read(thrown, 'message'), [read(thrown, 'path'), read(thrown, 'dest')]),
    code: typeof ownCode === 'number' ? ownCode : textOf(ownCode, MAX_WORD) || code,
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

function withoutPaths(text: string, folder: string): string {
  const [first = '', ...rest] = text.split(folder);
  return first + rest.map((part) => part.replace(/^[^\s'"`),;]*/, HIDDEN)).join('');
}

function textOf(value: unknown, max: number): string {
  return typeof value === 'string' ? value.slice(0, max).toWellFormed() : '';
}

/** A field of an error, which may be an accessor that throws. */
function read(error: object, field: string): unknown {
  try {
    return Reflect.get(error, field);
  } catch {
    // Then the error has nothing to say there.
    return undefined;
  }
}
