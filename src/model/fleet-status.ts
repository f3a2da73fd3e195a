import type { InstanceReport } from './instance-report.ts';

/** The programs that share a registry, and whether they run what it says. */
export interface FleetStatus {
  /** The registry, without a password. */
  readonly url: string;
  readonly namespace: string;
  /** Identity of the registry's data, and how many changes it had when it was asked. */
  readonly generation: string;
  readonly epoch: number;
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

/** How the instances stand to a point in the registry's history. */
export function fleetStatus(
  at: Pick<FleetStatus, 'url' | 'namespace' | 'generation' | 'epoch'>,
  reports: readonly InstanceReport[],
): FleetStatus {
  const { url, namespace, generation, epoch } = at;
  const instances = [...reports].sort(
    (a, b) => compare(a.host, b.host) || compare(a.pid, b.pid) || compare(a.id, b.id),
  );
  const behind = instances
    .filter((one) => one.generation !== generation || one.epoch < epoch)
    .map(({ id }) => id);
  return { url, namespace, generation, epoch, instances, behind, blocked: blockedOf(instances) };
}

/** Who is behind and how far, such as `web-1:4711 (41), web-2:92 (other data)`. */
export function shownBehind({ instances, behind, generation }: FleetStatus, most = 10): string {
  const late = instances.filter(({ id }) => behind.includes(id));
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
