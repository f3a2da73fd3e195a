import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWatch, WATCH_BYTES, type WatchSlot } from '../codec/watch-slot.ts';
import { isSystemError } from './system-error.ts';

const SHARED_MEMORY = '/dev/shm';

/** The file through which an executor's threads say what they are running. Has no name any more. */
export class WatchFile {
  readonly fd: number;
  readonly #slots: number;
  readonly #bytes: Buffer;

  constructor(slots: number) {
    this.#slots = slots;
    this.#bytes = Buffer.alloc(slots * WATCH_BYTES);
    this.fd = openUnnamed(this.#bytes);
  }

  /** Every thread's slot; undefined for one that is just being written. */
  read(): (WatchSlot | undefined)[] {
    readSync(this.fd, this.#bytes, 0, this.#bytes.byteLength, 0);
    return Array.from({ length: this.#slots }, (_, index) =>
      readWatch(this.#bytes, index * WATCH_BYTES),
    );
  }

  close(): void {
    closeSync(this.fd);
  }
}

/** A file of these bytes that nobody else can find: in shared memory, or where there is none or it is full, on disk. */
function openUnnamed(bytes: Uint8Array): number {
  if (!existsSync(SHARED_MEMORY)) return openIn(tmpdir(), bytes);
  try {
    return openIn(SHARED_MEMORY, bytes);
  } catch (error) {
    if (isSystemError(error)) return openIn(tmpdir(), bytes);
    throw error;
  }
}

function openIn(folder: string, bytes: Uint8Array): number {
  const path = join(folder, `scatter-${process.pid}-${randomUUID()}`);
  const fd = openSync(path, 'wx+', 0o600);
  try {
    unlinkSync(path);
    // Written and not just sized: so that there is room for what the threads will write.
    writeSync(fd, bytes, 0, bytes.byteLength, 0);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  return fd;
}
