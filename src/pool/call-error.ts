import { isCodecFailure } from '../codec/codec-failure.ts';
import { decodeValue } from '../codec/decode.ts';
import { failureError } from '../codec/failures.ts';
import { FAILURE } from '../codec/frame-kinds.ts';
import { scan } from '../codec/scan.ts';
import { type GuestErrorReport, ScatterError } from '../errors.ts';
import type { GuestFunction } from '../model/guest-function.ts';
import type { Limits } from '../model/limits.ts';
import { mapGuestStack } from './guest-stack.ts';

type ShownLimits = Pick<Limits, 'cpuMs' | 'timeoutMs' | 'memoryMb'>;

/** The error that a FAILED frame stands for, or with `loading` a LOAD_FAILED one. */
export function readFailure(
  frame: { readonly detail: number; readonly body: Buffer },
  target: GuestFunction,
  limits: ShownLimits,
  loading = false,
): ScatterError {
  try {
    if (frame.detail === FAILURE.THREW) return threwError(frame.body, target, loading);
    return failureOf(frame.detail, frame.body, target, limits);
  } catch (error) {
    if (isCodecFailure(error)) return rejectedError(target, error);
    throw error;
  }
}

function failureOf(
  failure: number,
  body: Buffer,
  target: GuestFunction,
  limits: ShownLimits,
): ScatterError {
  const who = { function: target.name, version: target.version };
  const shown = `\`${target.name}@${target.version}\``;
  switch (failure) {
    case FAILURE.TIMEOUT:
      return timeoutError(target, limits);
    case FAILURE.OUT_OF_MEMORY:
      return new ScatterError(
        'SCATTER_ERR_GUEST_OUT_OF_MEMORY',
        `${shown} needed more than its ${limits.memoryMb} MB of heap; raise limits.memoryMb or let it keep less`,
        who,
      );
    case FAILURE.CUT_OFF:
      return new ScatterError(
        'SCATTER_ERR_CALL_CUT_OFF',
        `${shown} was cut off: another call ended the isolate they shared; call again`,
        who,
      );
    case FAILURE.UNSUPPORTED:
    case FAILURE.TOO_LARGE:
      return resultError(failure, body, target);
    case FAILURE.NOT_LOADABLE:
      return new ScatterError(
        'SCATTER_ERR_SOURCE_INVALID',
        `${shown} cannot be loaded: ${text(reportOf(body)['reason']) || 'its code is no function'}; push code that gives one`,
        who,
      );
    default:
      return rejectedError(target);
  }
}

/** The guest sent bytes that no prelude of ours would send. */
export function rejectedError(target: GuestFunction, cause?: unknown): ScatterError {
  return new ScatterError(
    'SCATTER_ERR_GUEST_REJECTED_OUTPUT',
    `\`${target.name}@${target.version}\` sent bytes that fail the checks; do not trust this version`,
    { function: target.name, version: target.version, cause },
  );
}

export function timeoutError(
  target: GuestFunction,
  limits: Pick<Limits, 'cpuMs' | 'timeoutMs'>,
): ScatterError {
  return new ScatterError(
    'SCATTER_ERR_GUEST_TIMEOUT',
    `\`${target.name}@${target.version}\` ran past its limits (cpuMs ${limits.cpuMs}, timeoutMs ` +
      `${limits.timeoutMs}); raise limits.cpuMs for long computing, limits.timeoutMs for long waiting`,
    { function: target.name, version: target.version },
  );
}

function threwError(body: Buffer, target: GuestFunction, loading: boolean): ScatterError {
  const report = reportOf(body);
  const guest: GuestErrorReport = {
    name: text(report['name']),
    message: text(report['message']),
    stack: mapGuestStack(text(report['stack']), target.artifact.origin),
    data: report['data'],
  };
  const when = loading ? ' while it was loaded, before any call' : '';
  return new ScatterError(
    'SCATTER_ERR_GUEST_THREW',
    `\`${target.name}@${target.version}\` threw ${guest.name}: ${guest.message}${when}`,
    { function: target.name, version: target.version, guest },
  );
}

function resultError(failure: number, body: Buffer, target: GuestFunction): ScatterError {
  const report = reportOf(body);
  const error = failureError({
    kind: failure === FAILURE.TOO_LARGE ? 'too-large' : 'unsupported',
    path: text(report['path']),
    reason: text(report['reason']),
  });
  return new ScatterError(error.code, `\`${target.name}@${target.version}\`: ${error.message}`, {
    function: target.name,
    version: target.version,
    path: text(report['path']),
  });
}

function reportOf(body: Buffer): Record<string, unknown> {
  scan(body, 0, body.byteLength);
  const report = decodeValue(body, 0, body.byteLength);
  return typeof report === 'object' && report !== null ? { ...report } : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
