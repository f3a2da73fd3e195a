import { isCodecFailure } from '../codec/codec-failure.ts';
import { encodeValue } from '../codec/encode.ts';
import { type GuestErrorReport, ScatterError } from '../errors.ts';
import type { CallRequest, GuestAnswer } from './call.ts';

const MAX_ERROR_BYTES = 256 * 1024;

/**
 * The answer to a guest that calls another function: its encoded result, or an encoded error. Never
 * rejects, whatever the other guest threw.
 */
export async function answerLink(
  request: CallRequest,
  link: number,
  args: Uint8Array,
): Promise<GuestAnswer> {
  try {
    return { ok: true, value: await request.onLink(link, args) };
  } catch (error) {
    return { ok: false, value: encodeLinkError(error, request.target.artifact.links[link] ?? '') };
  }
}

// The guest sees what the other guest threw, or a code; never a message of the host, which may name
// its registry, its paths or another function's values.
function encodeLinkError(error: unknown, reference: string): Uint8Array {
  const guest = error instanceof ScatterError ? error.guest : undefined;
  const whole = guest && encodeError(guestError(guest));
  return whole ?? encodeError(hostError(error, reference)) ?? new Uint8Array([0xc0]);
}

function guestError({ name, message, data }: GuestErrorReport): Error {
  const isRecord = typeof data === 'object' && data !== null && !Array.isArray(data);
  const fields = isRecord && Object.getPrototypeOf(data) === Object.prototype ? data : { data };
  const error = new Error(message);
  // Defined and not assigned: a field may be called `__proto__`, and its value may be anything.
  for (const [key, value] of Object.entries({ ...fields, name })) {
    Object.defineProperty(error, key, { value, enumerable: true, configurable: true });
  }
  return error;
}

function hostError(error: unknown, reference: string): Error {
  const code = error instanceof ScatterError ? error.code : 'SCATTER_ERR_CALL_CUT_OFF';
  return Object.assign(new Error(`the call of \`${reference}\` failed: ${code}`), { code });
}

function encodeError(error: Error): Uint8Array | undefined {
  try {
    return encodeValue(error, { root: 'error', maxBytes: MAX_ERROR_BYTES });
  } catch (failure) {
    // Too large to pass on: less is said in its place.
    if (isCodecFailure(failure)) return undefined;
    throw failure;
  }
}
