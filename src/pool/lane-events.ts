import type { PendingCall } from './call.ts';
import type { Lane } from './lane.ts';
import type { LaneIsolate } from './lane-isolate.ts';

/** What a lane tells whoever gave it calls. */
export interface LaneEvents {
  /** There is room for more calls. */
  onRoom(): void;
  /** A call of this isolate's function took `ms` inside the isolate. */
  onCost(isolate: LaneIsolate, ms: number): void;
  /** A call has its place no more: its worker has answered, or has ended. */
  onLeft(call: PendingCall): void;
  /** A call came back without having begun. */
  onNotBegun(call: PendingCall): void;
  /** An isolate's last call has settled. */
  onEmpty(lane: Lane, isolate: LaneIsolate): void;
  /** The worker sent what no worker of ours sends. */
  onBroken(error: unknown): void;
}
