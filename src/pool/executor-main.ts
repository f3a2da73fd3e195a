/**
 * The executor process: keeps worker threads alive, each serving its own lane. Its own thread does
 * nothing else but die with the host, so that no guest outlives the program that called it.
 */
import { Socket } from 'node:net';
import { Piscina } from 'piscina';
import type { ServeTask } from '../model/serve-task.ts';
import { CONTROL_FD, type ExecutorConfig, FIRST_LANE_FD, WATCH_FD } from './executor-config.ts';
import { WORKER_SERVE } from './module-url.ts';
import { loosenTimers, volunteerForOutOfMemory } from './own-settings.ts';

const config = JSON.parse(process.argv[2] ?? '') as ExecutorConfig;
process.umask(0o077);
volunteerForOutOfMemory();
// Before there are threads: they inherit it.
loosenTimers();
// Ctrl-C in a terminal reaches this process, too: the host decides what it means, and may finish its calls.
process.on('SIGINT', () => undefined);
dieWithHost();
await serveLanes();
process.exit(0);

function dieWithHost(): void {
  const control = new Socket({ fd: CONTROL_FD, readable: true, writable: false });
  // A thread that is stuck in a guest can only be ended by SIGKILL, and only from this one.
  const die = (): boolean => process.kill(process.pid, 'SIGKILL');
  control.on('end', die);
  control.on('error', die);
  control.resume();
}

async function serveLanes(): Promise<void> {
  const pool = new Piscina<ServeTask, void>({
    filename: WORKER_SERVE.href,
    minThreads: config.threads,
    maxThreads: config.threads,
    // The workers hold sockets and timers: their event loops must turn while no task comes.
    atomics: 'disabled',
    env: {},
  });
  const tasks = Array.from({ length: config.threads }, (_, index) =>
    pool.run({
      laneFd: FIRST_LANE_FD + index,
      watchFd: WATCH_FD,
      index,
      memoryMb: config.blankMemoryMb,
    }),
  );
  await Promise.all(tasks);
}
