import { setTimeout as delay } from 'node:timers/promises';
import { ScatterError } from './errors.ts';
import { type FleetStatus, fleetStatus, shownBehind } from './model/fleet-status.ts';
import { checkOptionNames } from './option-names.ts';
import { type Head, hasLostWrites, type Registry } from './registry/registry.ts';

export interface StatusOptions {
  /** Whether to wait until all instances have applied what the registry has now. @default false */
  readonly wait?: boolean;
  /** How long to wait, in ms. @default 30000 */
  readonly timeoutMs?: number;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
}

const TIMEOUT_MS = 30_000;
const SHORTEST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 500;

/** @throws ScatterError `CONFIG_INVALID` */
export function checkStatusOptions(options: StatusOptions): void {
  checkOptionNames('status({ * })', options, ['wait', 'timeoutMs', 'signal']);
  const { timeoutMs = TIMEOUT_MS } = options;
  if (Number.isFinite(timeoutMs) && timeoutMs >= 0) return;
  throw new ScatterError(
    'SCATTER_ERR_CONFIG_INVALID',
    `status({ timeoutMs }) is ${String(timeoutMs)}; it must be a number of milliseconds from 0`,
  );
}

/**
 * Who runs what; with `wait`, once all have applied what the registry has now.
 *
 * @param onWaiting told of each look at which somebody is behind
 * @throws ScatterError `FLEET_BEHIND` when `timeoutMs` have passed, `ABORTED`, `REGISTRY_UNREACHABLE`
 */
export async function readFleet(
  registry: Registry,
  { wait = false, timeoutMs = TIMEOUT_MS, signal }: StatusOptions,
  onWaiting: (status: FleetStatus) => void = () => undefined,
): Promise<FleetStatus> {
  const end = performance.now() + timeoutMs;
  let target = await registry.head();
  for (let pause = SHORTEST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    const reports = await registry.instances();
    const { epoch } = await registry.head();
    const status = fleetStatus(placeOf(registry, target), reports, epoch);
    if (!wait || status.behind.length === 0) return status;
    onWaiting(status);
    const left = end - performance.now();
    if (left <= 0) throw stillBehind(status, timeoutMs);
    await pauseUnlessAborted(Math.min(pause, left), signal);
    target = await reachable(registry, target);
  }
}

function placeOf({ url, namespace }: Registry, { generation, epoch, mark }: Head) {
  return { url, namespace, generation, epoch, ...(mark !== undefined && { mark }) };
}

/** What can be waited for: a registry that lost writes never has the later point again. */
async function reachable(registry: Registry, target: Head): Promise<Head> {
  const changes = await registry.changes(target);
  const isOther = changes.head.generation !== target.generation;
  return isOther || hasLostWrites(target, changes) ? changes.head : target;
}

async function pauseUnlessAborted(pauseMs: number, signal?: AbortSignal): Promise<void> {
  try {
    await delay(pauseMs, undefined, signal && { signal });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
    throw new ScatterError('SCATTER_ERR_ABORTED', 'the wait for all instances was aborted', {
      cause: signal.reason,
    });
  }
}

function stillBehind(status: FleetStatus, timeoutMs: number): ScatterError {
  const { url, namespace, epoch } = status;
  return new ScatterError(
    'SCATTER_ERR_FLEET_BEHIND',
    `not all instances have applied change ${epoch} of ${namespace} in ${url} after ${timeoutMs} ms: ` +
      `${shownBehind(status)}; wait longer, or look at what they are doing`,
  );
}
