import { writeSync } from 'node:fs';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const LOOK_MS = 5000;
const STDERR = 2;

/** Ends the process, with the frame's number, when a frame has not ended for so long. */
export interface Watchdog {
  /** To be called before each frame. */
  see(frame: number): void;
  end(): Promise<void>;
}

export function startWatchdog(seed: number): Watchdog {
  const seen = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL(import.meta.url), { workerData: { seed, seen } });
  worker.unref();
  return {
    see: (frame) => {
      seen[0] = frame;
    },
    end: async () => {
      await worker.terminate();
    },
  };
}

function watch({ seed, seen }: { seed: number; seen: Int32Array }): void {
  let before = -1;
  let looks = 0;
  setInterval(() => {
    const now = seen[0] ?? 0;
    looks = now === before ? looks + 1 : 0;
    before = now;
    if (looks < 6) return;
    writeSync(STDERR, `\nframe ${now} does not end: --seed ${seed} --from ${now} --frames 1\n`);
    // Nothing else ends a thread that hangs.
    process.kill(process.pid, 'SIGKILL');
  }, LOOK_MS);
}

if (!isMainThread && parentPort !== null) watch(workerData);
