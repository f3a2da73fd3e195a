import { encodeValue } from '../codec/encode.ts';
import { ScatterError } from '../errors.ts';
import type { CallRequest } from './call.ts';

const MAX_ERROR_BYTES = 256 * 1024;

/** The answer to a guest that calls another function: its encoded result, or an encoded error. */
export async function answerLink(
  request: CallRequest,
  link: number,
  args: Uint8Array,
): Promise<{ ok: boolean; value: Uint8Array }> {
  try {
    return { ok: true, value: await request.onLink(link, args) };
  } catch (error) {
    return { ok: false, value: encodeLinkError(error, request.target.artifact.links[link] ?? '') };
  }
}

// The guest sees what the other guest threw, or a code; never a message of the host, which may name
// its registry, its paths or another function's values.
function encodeLinkError(error: unknown, reference: string): Uint8Array {
  if (!(error instanceof ScatterError)) throw error;
  const shown = error.guest
    ? Object.assign(new Error(error.guest.message), fieldsOf(error.guest.data), {
        name: error.guest.name,
      })
    : Object.assign(new Error(`the call of \`${reference}\` failed: ${error.code}`), {
        code: error.code,
      });
  return encodeValue(shown, { root: 'error', maxBytes: MAX_ERROR_BYTES });
}

function fieldsOf(data: unknown): object {
  return typeof data === 'object' && data !== null ? data : {};
}
