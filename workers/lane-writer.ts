import { writeSync } from 'node:fs';
import type { Socket } from 'node:net';

/**
 * Writes straight to the lane's descriptor, which costs a fraction of what the stream around it does;
 * what does not fit into the pipe goes through the stream, and then all that follows until it is empty.
 */
export function writeLane(lane: Socket, fd: number, batch: Buffer): void {
  if (lane.destroyed) return;
  const written = lane.writableLength > 0 ? 0 : writeNow(lane, fd, batch);
  if (written < batch.byteLength) lane.write(batch.subarray(written));
}

function writeNow(lane: Socket, fd: number, batch: Buffer): number {
  try {
    return writeSync(fd, batch);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
    lane.destroy(error as Error);
    return batch.byteLength;
  }
}
