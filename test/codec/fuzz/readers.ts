import { readArguments, readCapabilityRequest } from '../../../src/capability-request.ts';
import { isCodecFailure } from '../../../src/codec/codec-failure.ts';
import { word } from '../../../src/codec/frame.ts';
import { FAILURE, LOG_LEVELS } from '../../../src/codec/frame-kinds.ts';
import { isScatterError } from '../../../src/errors.ts';
import type { GuestFunction } from '../../../src/model/guest-function.ts';
import { DEFAULT_LIMITS } from '../../../src/model/limits.ts';
import { readFailure } from '../../../src/pool/call-error.ts';
import { readLogLine } from '../../../src/pool/guest-log.ts';
import type { Random } from './random.ts';
import { demand } from './violation.ts';

const TARGET: GuestFunction = {
  name: 'fuzzed',
  version: 1,
  digest: '0'.repeat(64),
  artifact: {
    format: 1,
    code: '0',
    links: [],
    requires: ['db'],
    origin: { source: '', map: '', captured: [] },
  },
};
const CODES: ReadonlyMap<number, string> = new Map([
  [FAILURE.THREW, 'SCATTER_ERR_GUEST_THREW'],
  [FAILURE.UNSUPPORTED, 'SCATTER_ERR_VALUE_UNSUPPORTED'],
  [FAILURE.TOO_LARGE, 'SCATTER_ERR_VALUE_TOO_LARGE'],
  [FAILURE.NOT_LOADABLE, 'SCATTER_ERR_SOURCE_INVALID'],
]);
const READERS = [readAsFailure, readAsLog, readAsRequest, readAsArguments];

/** Gives a frame to one of the readers of values. @throws Violation when that one fails in another way than it says */
export function runReaders(frame: Buffer, random: Random, isRefused: boolean): void {
  random.pick(READERS)(frame, random, isRefused);
}

function readAsFailure(body: Buffer, random: Random, isRefused: boolean): void {
  const [detail, code] = random.pick([...CODES]);
  const error = readFailure({ detail, body }, TARGET, DEFAULT_LIMITS);
  const expected = isRefused ? 'SCATTER_ERR_GUEST_REJECTED_OUTPUT' : code;
  demand(isScatterError(error, expected as never), `${error.code} in place of ${expected}`);
}

function readAsLog(body: Buffer, random: Random, isRefused: boolean): void {
  const detail = random.below(LOG_LEVELS.length);
  const line = orRefused(() => readLogLine({ detail, body }, TARGET));
  if (line === undefined) return;
  demand(!isRefused, 'bytes that the scanner refuses were taken for a line');
  demand(typeof line.text === 'string', 'a line has no text');
}

function readAsRequest(path: Buffer, random: Random, isRefused: boolean): void {
  const claimed = random.oneIn(4) ? random.next() : path.length;
  const body = Buffer.concat([word(claimed), path]);
  const request = orRefused(() => readCapabilityRequest(TARGET, 0, body));
  if (request === undefined) return;
  demand(!isRefused || claimed !== path.length, 'a path that the scanner refuses was taken');
  demand(
    request.path.every((key) => typeof key === 'string'),
    'a path has other things than names',
  );
}

function readAsArguments(bytes: Buffer, _random: Random, isRefused: boolean): void {
  const args = orRefused(() => readArguments(bytes));
  demand(args === undefined || (Array.isArray(args.args) && !isRefused), 'arguments are no list');
}

/** What `read` gives, undefined for a refusal. */
function orRefused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!isCodecFailure(error) || error.kind !== 'malformed') throw error;
    return undefined;
  }
}
