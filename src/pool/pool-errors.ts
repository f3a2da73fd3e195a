import { ScatterError } from '../errors.ts';
import type { GuestFunction } from '../model/guest-function.ts';
import type { CallRequest } from './call.ts';

/** The instance was closed. */
export function closedError(): ScatterError {
  return new ScatterError(
    'SCATTER_ERR_POOL_CLOSED',
    'this scatter instance was closed; make another with createScatter(), or init() again',
  );
}

/** The caller aborted. */
export function abortedError(request: CallRequest): ScatterError {
  return new ScatterError(
    'SCATTER_ERR_ABORTED',
    `the call of \`${request.target.name}\` was aborted`,
    {
      cause: request.signal?.reason,
      function: request.target.name,
      version: request.target.version,
    },
  );
}

/** Too many calls wait, by their number or by the size of their arguments. */
export function overloadedError(
  { target }: CallRequest,
  waiting: { readonly calls: number; readonly bytes: number },
): ScatterError {
  const mb = Math.round(waiting.bytes / 2 ** 20);
  return new ScatterError(
    'SCATTER_ERR_POOL_OVERLOADED',
    `${waiting.calls} calls with ${mb} MB of arguments are waiting already, so \`${target.name}\` was not ` +
      'taken; try again later, or raise pool.threads or pool.maxQueue',
    { function: target.name, version: target.version },
  );
}

/** The call's time was over before a lane had room for it. */
export function waitedError({ target, limits }: CallRequest): ScatterError {
  return new ScatterError(
    'SCATTER_ERR_POOL_OVERLOADED',
    `\`${target.name}\` waited ${limits.timeoutMs} ms for a free lane; raise pool.threads, or call less`,
    { function: target.name, version: target.version },
  );
}

/** Calls of the function are refused for `leftMs` ms more. */
export function quarantinedError({ name, version }: GuestFunction, leftMs: number): ScatterError {
  const seconds = Math.ceil(leftMs / 1000);
  return new ScatterError(
    'SCATTER_ERR_GUEST_QUARANTINED',
    `\`${name}\` ended the process that runs it again and again, so its calls are refused for ${seconds} s ` +
      'more; find out what hangs or crashes it, and push a version that does not',
    { function: name, version, retryAfterMs: Math.ceil(leftMs) },
  );
}
