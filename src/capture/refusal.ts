import { ScatterError } from '../errors.ts';
import { type Trail, trailLines } from './trail.ts';

/**
 * Says what cannot travel and why, how the capture came to it, and what to do instead.
 *
 * @throws ScatterError `CAPTURE_UNSUPPORTED`, always
 */
export function refuse(problem: string, fix: string, trail: Trail, cause?: unknown): never {
  const lines = trailLines(trail).map((line) => `    ${line}`);
  const message = [problem, '  reached through:', ...lines, `  fix: ${fix}`].join('\n');
  const root = rootName(trail);
  throw new ScatterError('SCATTER_ERR_CAPTURE_UNSUPPORTED', message, {
    cause,
    ...(root === '' ? {} : { function: root }),
  });
}

function rootName(trail: Trail): string {
  let step = trail;
  while (step.before !== undefined) step = step.before;
  return step.kind === 'function' ? step.text : '';
}
