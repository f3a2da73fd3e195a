import { type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { isAlive } from './is-alive.ts';

/** A program that ends with the process that started it, however that ends. */
export interface WatchedProcess {
  /** Of the program itself. */
  readonly pid: number;
  readonly hasExited: boolean;
  /** Kills it with a signal that it cannot refuse; resolves when it is dead. */
  kill(): Promise<void>;
}

interface WatchedOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** The file for what it prints. */
  readonly log: string;
  /** Whether its folder is removed when this process ends before it. */
  readonly isTemporary: boolean;
}

/**
 * Holds a pipe to this process: when this process ends, even by `kill -9`, the pipe does too and
 * the second background job kills the program, then removes a temporary folder, for which it must
 * outlive the program. Descriptor 3, as a shell gives background jobs an empty standard input.
 */
const WATCHDOG = `
exec 3<&0
"$@" 3<&- >&2 &
program=$!
(
  read -r _ <&3
  trap '' TERM
  kill -9 "$program"
  [ -z "$REMOVE" ] || rm -rf "$REMOVE"
) >/dev/null 2>&1 &
watchdog=$!
echo "$program"
wait "$program"
kill "$watchdog"
`;

export async function startWatched(
  command: readonly string[],
  { cwd, env: given, log, isTemporary }: WatchedOptions,
): Promise<WatchedProcess> {
  const env = { ...given, REMOVE: isTemporary ? cwd : '' };
  const output = openSync(log, 'a');
  const shell = spawn('sh', ['-c', WATCHDOG, 'sh', ...command], {
    cwd,
    env,
    stdio: ['pipe', 'pipe', output] satisfies StdioOptions,
    // A signal for the group of this process would else end the watchdog before its work.
    detached: true,
  });
  closeSync(output);
  const exited = once(shell, 'exit');
  const pid = Number(await firstLine(shell.stdout));
  if (!(pid > 0)) throw new Error(`the watchdog did not start ${command.join(' ')}`);
  // A forgotten program does not keep this process alive; it ends with it.
  shell.unref();
  shell.stdout?.destroy();
  if (shell.stdin instanceof Socket) shell.stdin.unref();
  const hasExited = (): boolean => shell.exitCode !== null || shell.signalCode !== null;
  return {
    pid,
    get hasExited() {
      return hasExited();
    },
    async kill() {
      if (hasExited()) return;
      shell.ref();
      // It may have ended by itself without this process having been told yet.
      if (isAlive(pid)) process.kill(pid, 'SIGKILL');
      await exited;
    },
  };
}

async function firstLine(output: Readable | null): Promise<string | undefined> {
  if (!output) return undefined;
  for await (const line of createInterface(output)) return line;
  return undefined;
}
