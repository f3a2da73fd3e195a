import type { Frame } from '../codec/frame.ts';
import { REQUEST_KIND } from '../codec/frame-kinds.ts';
import type { CallRequest, GuestAnswer } from './call.ts';
import { answerLink } from './link-answer.ts';

/** What a guest asks its host for: a REQUEST frame. */
export interface GuestRequest {
  readonly isolateId: number;
  readonly callId: number;
  /** One of {@link REQUEST_KIND}; nothing in the rest is trusted. */
  readonly kind: number;
  /** Which of the artifact's links, or of the capabilities it requires. */
  readonly index: number;
  /** What comes behind; valid until the lane is read again. */
  readonly body: Buffer;
}

const HEAD_BYTES = 12;

export function readGuestRequest({ detail, body }: Frame): GuestRequest {
  return {
    isolateId: body.readUInt32LE(0),
    callId: body.readUInt32LE(4),
    kind: detail,
    index: body.readUInt32LE(8),
    body: body.subarray(HEAD_BYTES),
  };
}

/** Answers what a call's guest asks for. Never rejects. */
export function answerRequest(
  call: CallRequest,
  { kind, index, body }: GuestRequest,
): Promise<GuestAnswer> {
  if (kind === REQUEST_KIND.CAPABILITY) return call.onCapability(index, body);
  return answerLink(call, index, new Uint8Array(body));
}
