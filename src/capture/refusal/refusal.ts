import { ScatterError } from '../../errors.ts';
import { type Trail, trailLines } from './trail.ts';

/**
 * Says what cannot travel and why, how the capture came to it, and what to do instead.
 *
 * @throws Refusal always; it leaves `capture` as ScatterError `CAPTURE_UNSUPPORTED`
 */
export function refuse(problem: string, fix: string, trail: Trail, cause?: unknown): never {
  throw new Refusal(problem, fix, trail, cause);
}

/** A refusal on its way out: capture may know another way to the variable that it names. */
export class Refusal extends Error {
  readonly trail: Trail;
  readonly fix: string;

  constructor(problem: string, fix: string, trail: Trail, cause: unknown) {
    super(problem, { cause });
    this.trail = trail;
    this.fix = fix;
  }
}

/** The error that the author sees. */
export function refusalError({ message: problem, fix, trail, cause }: Refusal): ScatterError {
  const lines = trailLines(trail).map((line) => `    ${line}`);
  const message = [problem, '  reached through:', ...lines, `  fix: ${fix}`].join('\n');
  const root = rootName(trail);
  return new ScatterError('SCATTER_ERR_CAPTURE_UNSUPPORTED', message, {
    ...(cause !== undefined && { cause }),
    ...(root === '' ? {} : { function: root }),
  });
}

function rootName(trail: Trail): string {
  let step = trail;
  while (step.before !== undefined) step = step.before;
  return step.kind === 'function' || step.kind === 'class' ? step.text : '';
}
