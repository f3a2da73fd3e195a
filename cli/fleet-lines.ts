import { type FleetStatus, shownBehind } from '../src/model/fleet-status.ts';
import type { InstanceReport, ReportedFunction } from '../src/model/instance-report.ts';
import { table } from './output.ts';

const HEADING = ['INSTANCE', 'UP', 'EPOCH', 'FUNCTION', 'VERSION', 'STATE'];

/** Who runs what: a row for each function of each instance, and in the last line how they stand. */
export function fleetLines(status: FleetStatus, now: Date): string[] {
  const rows = status.instances.flatMap((instance) => rowsOf(instance, now));
  return [...(rows.length === 0 ? [] : table(HEADING, rows)), summaryOf(status)];
}

function rowsOf(instance: InstanceReport, now: Date): string[][] {
  const { host, pid, startedAt, epoch, cacheSince, functions } = instance;
  const common = [`${host}:${pid}`, age(startedAt, now), `${epoch}`];
  const cached = cacheSince === undefined ? [] : [`cache since ${cacheSince.toISOString()}`];
  // One that only pushes is there, too.
  if (functions.length === 0) return [[...common, '', '', cached.join('')]];
  return functions.map((fn) => [
    ...common,
    fn.name,
    `${fn.version}`,
    [...statesOf(fn), ...cached].join(', '),
  ]);
}

function statesOf({ pinned, orphaned, blocked }: ReportedFunction): string[] {
  const states = [...(pinned ? ['pinned'] : []), ...(orphaned ? ['not in the registry'] : [])];
  if (blocked === undefined) return states;
  return [...states, `blocked: version ${blocked.version}: ${blocked.message}`];
}

function summaryOf(status: FleetStatus): string {
  const { instances, behind, epoch } = status;
  const all = instances.length;
  if (all === 0) {
    return `no instances are shown here; the registry is at epoch ${epoch}`;
  }
  const late = behind.length;
  if (late > 0) return `${all - late} of ${all} at epoch ${epoch}; behind: ${shownBehind(status)}`;
  return all === 1 ? `1 instance, at epoch ${epoch}` : `${all} instances, all at epoch ${epoch}`;
}

/** In the largest unit that fits; clocks of two machines may differ, and nothing began in the future. */
function age(since: Date, now: Date): string {
  const seconds = Math.max(0, Math.floor((now.getTime() - since.getTime()) / 1000));
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}
