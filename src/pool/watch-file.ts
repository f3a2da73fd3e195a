import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWatch, WATCH_BYTES, type WatchSlot } from '../codec/watch-slot.ts';

const SHARED_MEMORY = '/dev/shm';

/** The file through which an executor's threads say what they are running. Has no name any more. */
export class WatchFile {
  readonly fd: number;
  readonly #slots: number;
  readonly #bytes: Buffer;

  constructor(slots: number) {
    const folder = existsSync(SHARED_MEMORY) ? SHARED_MEMORY : tmpdir();
    const path = join(folder, `scatter-${process.pid}-${randomUUID()}`);
    this.fd = openSync(path, 'wx+', 0o600);
    unlinkSync(path);
    this.#slots = slots;
    this.#bytes = Buffer.alloc(slots * WATCH_BYTES);
    // Written and not just sized: so that there is room for what the threads will write.
    writeSync(this.fd, this.#bytes, 0, this.#bytes.byteLength, 0);
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
