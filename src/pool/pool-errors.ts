import { ScatterError } from '../errors.ts';
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

/** The queue is full. */
export function overloadedError({ target }: CallRequest, maxQueue: number): ScatterError {
  return new ScatterError(
    'SCATTER_ERR_POOL_OVERLOADED',
    `${maxQueue} calls are waiting already (pool.maxQueue), so \`${target.name}\` was not taken; ` +
      'try again later, or raise pool.threads',
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
