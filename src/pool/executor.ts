import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { WATCH_STATE, type WatchSlot } from '../codec/watch-slot.ts';
import { ScatterError } from '../errors.ts';
import type { PendingCall } from './call.ts';
import { countMemoryKills, type Ending, endingOf } from './ending.ts';
import type { ExecutorConfig } from './executor-config.ts';
import { CONTROL_FD, FIRST_LANE_FD } from './executor-config.ts';
import { executorFlags } from './executor-flags.ts';
import { hasBegun, type Ids } from './ids.ts';
import { Lane } from './lane.ts';
import type { LaneEvents } from './lane-events.ts';
import { EXECUTOR_MAIN } from './module-url.ts';
import { isSystemError } from './system-error.ts';
import { WatchFile } from './watch-file.ts';

const KEPT_STDERR = 4096;
const CLOSE_GRACE_MS = 2000;

/** Why an executor was killed. */
export type KillReason =
  | { readonly kind: 'overdue'; readonly slot: WatchSlot; readonly lane: number }
  | { readonly kind: 'memory'; readonly mb: number }
  | { readonly kind: 'silent' }
  | { readonly kind: 'broken'; readonly error: unknown };

/** What is known of an executor's end as soon as it comes. */
export interface ExecutorDeath {
  readonly ending: Ending;
  /** Names of the functions that its threads were inside of; of an overdue thread, that one alone. */
  readonly inside: readonly string[];
  /** Whether it ended by itself before any worker thread had said anything: it never ran. */
  readonly stillborn: boolean;
}

/** How an executor ended. */
export interface ExecutorEnd extends ExecutorDeath {
  readonly executor: Executor;
  /** Undefined when it ended by itself. */
  readonly killed: KillReason | undefined;
  /** Exit code or signal. */
  readonly how: string;
  /** The end of its stderr: may have what guests wrote, and so is for the program's own log only. */
  readonly stderr: string;
  /** Whether it was to end, and did. */
  readonly asked: boolean;
}

/** A process that runs guests, with one lane for each of its threads. Can be killed at any time. */
export class Executor {
  readonly lanes: readonly Lane[];
  readonly pid: number | undefined;
  readonly #child: ChildProcess;
  readonly #watch: WatchFile;
  readonly #exited: Promise<void>;
  #killed: KillReason | undefined;
  readonly #onDying: (executor: Executor, death: ExecutorDeath) => void;
  #death: ExecutorDeath | undefined;
  #stderr = '';
  #spoke = false;
  #asked = false;
  readonly #memoryKills = countMemoryKills();

  constructor(o: {
    config: ExecutorConfig;
    env: Readonly<Record<string, string>>;
    /** On each lane. */
    maxIsolates: number;
    ids: Ids;
    events: (executor: Executor) => LaneEvents;
    /** It was killed, or ended without that: it is not to be given anything more. */
    onDying: (executor: Executor, death: ExecutorDeath) => void;
    onEnd: (end: ExecutorEnd) => void;
  }) {
    const { config } = o;
    this.#onDying = o.onDying;
    this.#watch = openWatch(config.threads);
    try {
      this.#child = spawnExecutor(config, this.#watch);
    } catch (error) {
      this.#watch.close();
      throw error;
    }
    this.pid = this.#child.pid;
    const events = o.events(this);
    this.lanes = Array.from({ length: config.threads }, (_, index) => {
      const socket = this.#child.stdio[FIRST_LANE_FD + index] as Socket;
      socket.once('data', () => {
        this.#spoke = true;
      });
      // Its end is to be heard of, also when calls had kept the program alive and nothing else does.
      socket.once('close', () => this.#child.ref());
      return new Lane(socket, { ids: o.ids, env: o.env, maxIsolates: o.maxIsolates, events });
    });
    this.#collectStderr();
    this.#exited = new Promise((resolve) => {
      const end = (how: string, signal: string | null): void => {
        o.onEnd(this.#end(how, signal));
        this.#watch.close();
        resolve();
      };
      this.#child.once('error', (error) => end(`cannot start: ${error.message}`, null));
      this.#child.once('exit', (code, signal) =>
        end(signal === null ? `exit code ${code}` : `signal ${signal}`, signal),
      );
    });
  }

  /** The threads' slots; see {@link WatchFile.read}. */
  watch(): (WatchSlot | undefined)[] {
    return this.#watch.read();
  }

  /** Ends the process at once, guests and all. The first reason given is kept. */
  kill(reason: KillReason): void {
    if (this.#killed !== undefined) return;
    this.#killed = reason;
    // Calls may have kept the program alive only through lanes that are about to close.
    this.#child.ref();
    this.#child.kill('SIGKILL');
    // Now and not when it has ended: until then, more calls of the same function may come.
    this.#die(reason.kind);
  }

  /** Lets the threads end after what they have been sent, and waits for the process. */
  async close(): Promise<void> {
    this.#asked = true;
    this.#child.ref();
    for (const lane of this.lanes) lane.close();
    const late = setTimeout(() => this.#child.kill('SIGKILL'), CLOSE_GRACE_MS);
    await this.#exited;
    clearTimeout(late);
  }

  /** Whether one of its threads has begun the call; not knowing counts as that. */
  hasBegun({ lane, idOnLane }: PendingCall): boolean {
    const index = lane === undefined ? -1 : this.lanes.indexOf(lane);
    return index !== -1 && hasBegun(idOnLane, this.lastBegun()[index]);
  }

  /** The last call that each lane began; undefined where the slot was torn. */
  lastBegun(): (number | undefined)[] {
    return this.#watch.read().map((slot) => slot?.lastBegun);
  }

  #collectStderr(): void {
    const stderr = this.#child.stderr as Socket | null;
    stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString()).slice(-KEPT_STDERR);
    });
    stderr?.unref();
  }

  #end(how: string, signal: string | null): ExecutorEnd {
    const killed = this.#killed;
    // Also when it did not end by itself in time, or crashed over that: it was to go.
    const asked = this.#asked && killed === undefined;
    const ending = endingOf(killed, signal, this.#memoryKills);
    const unasked = this.#death ?? (asked ? undefined : this.#die(ending));
    return {
      ...(unasked ?? { ending, inside: [], stillborn: false }),
      executor: this,
      killed,
      how,
      stderr: this.#stderr.trim(),
      asked,
    };
  }

  #die(ending: Ending): ExecutorDeath {
    const inside = functionsInside(this, this.#killed);
    const death = { ending, inside, stillborn: ending === 'crashed' && !this.#spoke };
    this.#death = death;
    this.#onDying(this, death);
    return death;
  }
}

function functionsInside(executor: Executor, killed: KillReason | undefined): string[] {
  const slots = killed?.kind === 'overdue' ? [] : executor.watch();
  if (killed?.kind === 'overdue') slots[killed.lane] = killed.slot;
  return slots.flatMap((slot, lane) => {
    if (slot === undefined || !isInside(slot)) return [];
    return executor.lanes[lane]?.isolates.get(slot.isolateId)?.use.target.name ?? [];
  });
}

/** Whether a slot says that its thread is inside a guest. */
export function isInside(slot: WatchSlot): boolean {
  return slot.state !== WATCH_STATE.REST;
}

// isolated-vm keeps a timer for each entry until its limit, and takes those that are over together by
// recursion, on a thread with the default stack: with 8 MB, 200,000 of them are a crash
// (`test/containment/timer-flood.test.ts`). The shell is replaced by the program, and has its pid.
const WITH_DEEP_STACKS =
  'ulimit -S -s 262144 2>/dev/null || ulimit -S -s $(ulimit -H -s); exec /usr/bin/env -i "$0" "$@"';

/** @throws ScatterError `EXECUTOR_CRASHED` when the system gives no process or descriptors */
function spawnExecutor(config: ExecutorConfig, watch: WatchFile): ChildProcess {
  const lanes = Array.from({ length: config.threads }, () => 'pipe' as const);
  const program = [process.execPath, ...flagsOrError(), fileURLToPath(EXECUTOR_MAIN)];
  const child = spawn(
    '/bin/sh',
    ['-c', WITH_DEEP_STACKS, ...program, JSON.stringify(config)],
    // Nothing of the host's environment, and no descriptors but these.
    { env: {}, cwd: '/', stdio: ['ignore', 'ignore', 'pipe', 'pipe', watch.fd, ...lanes] },
  );
  const [last] = child.stdio?.slice(-1) ?? [];
  if (child.pid === undefined || !last) {
    for (const stream of child.stdio ?? []) stream?.destroy();
    child.kill('SIGKILL');
    // Node tells what went wrong only later, by an event that somebody must listen to.
    child.once('error', () => undefined);
    throw startError();
  }
  child.unref();
  const control = child.stdio[CONTROL_FD] as Socket | undefined;
  control?.on('error', () => control.destroy());
  control?.unref();
  return child;
}

function flagsOrError(): string[] {
  try {
    return executorFlags();
  } catch (cause) {
    if (isSystemError(cause)) throw startError(cause);
    throw cause;
  }
}

function openWatch(slots: number): WatchFile {
  try {
    return new WatchFile(slots);
  } catch (cause) {
    throw startError(cause);
  }
}

function startError(cause?: unknown): ScatterError {
  return new ScatterError(
    'SCATTER_ERR_EXECUTOR_CRASHED',
    'the executor process could not be started: the system gave no process, no descriptors or no shared ' +
      'memory; look at its limits (ulimit -n, ulimit -u, /dev/shm), then call again',
    { begun: false, retryable: true, cause },
  );
}
