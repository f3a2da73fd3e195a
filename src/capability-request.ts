import { MAX_PATH_BYTES } from './codec/capability-path.ts';
import { CodecFailure } from './codec/codec-failure.ts';
import { decodeValue, decodeWeighed } from './codec/decode.ts';
import { scan } from './codec/scan.ts';
import type { GuestFunction } from './model/guest-function.ts';

/** A call of a function of a capability, as a guest makes it. */
export interface CapabilityRequest {
  /** The function that asks, which may be a nested one. */
  readonly from: GuestFunction;
  /** Name of the capability; one that `from` declares. */
  readonly name: string;
  readonly path: readonly string[];
  /** Encoded; not checked yet. */
  readonly args: Uint8Array;
}

const PATH_HEAD = 4;

/** Reads the body of a request. @throws CodecFailure `malformed` for what no guest of ours sends */
export function readCapabilityRequest(
  from: GuestFunction,
  index: number,
  body: Buffer,
): CapabilityRequest {
  const name = from.artifact.requires[index];
  if (name === undefined || body.byteLength < PATH_HEAD) throw malformed('asks for nothing');
  const pathBytes = body.readUInt32LE(0);
  if (pathBytes > MAX_PATH_BYTES) throw malformed('has a path that is too long');
  const pathEnd = PATH_HEAD + pathBytes;
  scan(body, PATH_HEAD, pathEnd);
  const path = decodeValue(body, PATH_HEAD, pathEnd);
  if (!Array.isArray(path) || !path.every((key) => typeof key === 'string')) {
    throw malformed('has a path that is none');
  }
  return { from, name, path, args: body.subarray(pathEnd) };
}

/** The arguments as copies of this program's own, with their weight. @throws CodecFailure `malformed` */
export function readArguments(bytes: Uint8Array): { args: unknown[]; weight: number } {
  scan(bytes, 0, bytes.byteLength);
  const { value: args, weight } = decodeWeighed(bytes, 0, bytes.byteLength);
  if (Array.isArray(args)) return { args, weight };
  throw malformed('has arguments that are no list');
}

/** A request as errors show it, such as `db.query`. */
export function shownRequest({ name, path }: CapabilityRequest): string {
  const shown = [name, ...path].join('.');
  return `\`${shown.length > 200 ? `${shown.slice(0, 200)}…` : shown}\``;
}

function malformed(reason: string): CodecFailure {
  return new CodecFailure('malformed', '', `a request of a capability ${reason}`);
}
