import { type Readable, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
} from 'node:zlib';
import { FetchFailure } from './fetch-failure.ts';

const MAX_CODINGS = 5;
// Of what a body is before it is decoded whole: much of it can come to nothing.
const CODED_SLACK_BYTES = 256 * 1024;
// As browsers do: what came before the end was cut off counts. The connection says if it was.
const LENIENT = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };
const BROTLI = {
  flush: constants.BROTLI_OPERATION_FLUSH,
  finishFlush: constants.BROTLI_OPERATION_FLUSH,
};

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: () => createGunzip(LENIENT),
  'x-gzip': () => createGunzip(LENIENT),
  deflate: () => createInflate(LENIENT),
  br: () => createBrotliDecompress(BROTLI),
  zstd: () => createZstdDecompress(),
};

/** The codings that are asked for when a guest does not say which. */
export const ACCEPTED_CODINGS = 'gzip, br';

/**
 * The whole body, decoded. One that is larger than `maxBytes` after that is given up at once, with the
 * connection it comes from.
 *
 * @param encoding value of Content-Encoding; of codings that are not known, the body stays as it is
 * @throws FetchFailure, and what the connection or a decoder gives
 */
export async function readBody(
  body: Readable,
  encoding: string,
  maxBytes: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const sink = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      length += chunk.byteLength;
      if (length > maxBytes) return done(tooLarge(maxBytes));
      chunks.push(chunk);
      done();
    },
  });
  const bound = (): Transform => upTo(4 * maxBytes + CODED_SLACK_BYTES, tooLarge(maxBytes));
  const stages = decodersFor(encoding).flatMap((decoder) => [bound(), decoder]);
  await pipeline([body, ...stages, sink]);
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

/** Passes on so many bytes, then fails. */
function upTo(most: number, failure: FetchFailure): Transform {
  let length = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      length += chunk.byteLength;
      if (length > most) done(failure);
      else done(null, chunk);
    },
  });
}

function decodersFor(encoding: string): Transform[] {
  const codings = encoding
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity');
  if (codings.length > MAX_CODINGS) {
    throw new FetchFailure(`the body of the response was encoded more than ${MAX_CODINGS} times`);
  }
  const makers = codings.map((coding) =>
    Object.hasOwn(DECODERS, coding) ? DECODERS[coding] : undefined,
  );
  // The last one was applied last.
  return makers.every((make) => make !== undefined) ? makers.reverse().map((make) => make()) : [];
}

function tooLarge(maxBytes: number): FetchFailure {
  return new FetchFailure(
    `the body of the response is larger than ${maxBytes} bytes; raise maxBytes of allowFetch()`,
  );
}
