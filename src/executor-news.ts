import type { Logger } from './logger.ts';
import { tell } from './model/tell.ts';
import type { Ending } from './pool/ending.ts';
import type { ExecutorEnd } from './pool/executor.ts';

const WHY: Readonly<Record<Ending, string>> = {
  overdue: 'was killed because a function could not be interrupted',
  memory: 'was killed because it took too much memory',
  broken: 'was killed because what it sent made no sense',
  silent: 'was killed because it gave no sign',
  crashed: 'crashed',
  killed: 'was killed by somebody else',
};

/** Tells the logger of executors that ended, and which functions they ended in. */
export function executorNews(logger: Logger): (end: ExecutorEnd) => void {
  return ({ executor, ending, inside, how, stderr }) => {
    const told = ending === 'crashed' ? { how, stderr } : {};
    const fields = { pid: executor.pid, functions: inside, ...told };
    tell('the logger', () =>
      logger.warn(fields, `an executor process ${WHY[ending]}; another one takes its place`),
    );
  };
}
