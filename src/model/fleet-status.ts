import type { InstanceReport } from './instance-report.ts';

/** The programs that share a registry, and whether they run what it says. */
export interface FleetStatus {
  /** The registry, without a password. */
  readonly url: string;
  readonly namespace: string;
  /** Identity of the registry's data, and how many changes it had when it was asked. */
  readonly generation: string;
  readonly epoch: number;
  /** Tells that change from another one with its number, where the store can lose writes. */
  readonly mark?: string;
  /** By host and process. A program that was killed is among them until it has been silent for 15 s. */
  readonly instances: readonly InstanceReport[];
  /** Ids of the instances that have not applied everything up to `epoch`. */
  readonly behind: readonly string[];
  /** Versions that should run and cannot. Who is blocked is not behind. */
  readonly blocked: readonly BlockedFunction[];
}

/** A version that an instance cannot run; it goes on with the one it has. */
export interface BlockedFunction {
  /** The id of the instance. */
  readonly instance: string;
  readonly name: string;
  readonly version: number;
  /** Of the error that says why, such as `SCATTER_ERR_CAPABILITY_MISSING`. */
  readonly code: string;
  readonly message: string;
}

/**
 * How the instances stand to a point in the registry's history.
 *
 * @param newest the epoch of the registry after the reports were read: who is further has what was lost
 */
export function fleetStatus(
  at: Pick<FleetStatus, 'url' | 'namespace' | 'generation' | 'epoch' | 'mark'>,
  reports: readonly InstanceReport[],
  newest = Number.POSITIVE_INFINITY,
): FleetStatus {
  const { url, namespace, generation, epoch, mark } = at;
  const instances = [...reports].sort(
    (a, b) => compare(a.host, b.host) || compare(a.pid, b.pid) || compare(a.id, b.id),
  );
  const behind = instances
    .filter((one) => one.epoch > newest || !hasApplied(one, at))
    .map(({ id }) => id);
  const position = { generation, epoch, ...(mark !== undefined && { mark }) };
  return { url, namespace, ...position, instances, behind, blocked: blockedOf(instances) };
}

function hasApplied(
  one: InstanceReport,
  { generation, epoch, mark }: Pick<FleetStatus, 'generation' | 'epoch' | 'mark'>,
): boolean {
  if (one.generation !== generation || one.epoch < epoch) return false;
  if (one.epoch > epoch || mark === undefined || one.mark === undefined) return true;
  return one.mark === mark;
}

/** Who is behind and how far, such as `web-1:4711 (41), web-2:92 (other data)`. */
export function shownBehind({ instances, behind, generation }: FleetStatus, most = 10): string {
  const ids = new Set(behind);
  const late = instances.filter(({ id }) => ids.has(id));
  const shown = late.slice(0, most).map((one) => {
    const at = one.generation === generation ? one.epoch : 'other data';
    return `${one.host}:${one.pid} (${at})`;
  });
  const more = late.length - shown.length;
  return more === 0 ? shown.join(', ') : `${shown.join(', ')} and ${more} more`;
}

function blockedOf(instances: readonly InstanceReport[]): BlockedFunction[] {
  return instances.flatMap(({ id, functions }) =>
    functions.flatMap(({ name, blocked }) =>
      blocked === undefined ? [] : [{ instance: id, name, ...blocked }],
    ),
  );
}

function compare(a: string | number, b: string | number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
