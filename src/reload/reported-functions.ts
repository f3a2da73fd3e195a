import { isScatterError } from '../errors.ts';
import type { ReportedFunction } from '../model/instance-report.ts';
import type { Handle } from './handle.ts';
import type { BlockedEvent } from './handle-events.ts';

/** What a guest throws while it is loaded is in the message, and as long as it likes. */
const LONGEST_REASON = 500;

type ReportedHandle = Pick<Handle, 'loaded' | 'deleted' | 'orphaned' | 'follows' | 'blocked'>;

/** What the fleet is told of an instance's handles: one entry for each version, by name and version. */
export function reportedFunctions(handles: Iterable<ReportedHandle>): ReportedFunction[] {
  const reported = new Map<string, ReportedFunction>();
  for (const handle of handles) {
    if (handle.deleted) continue;
    const { name, version } = handle.loaded;
    // A name has no `@`.
    const key = `${name}@${version}`;
    reported.set(key, join(reported.get(key), handle));
  }
  return [...reported.values()].sort(
    (a, b) => compare(a.name, b.name) || compare(a.version, b.version),
  );
}

// One that follows makes the version one that will be left, and one that is blocked is not silenced
// by others that are not.
function join(others: ReportedFunction | undefined, handle: ReportedHandle): ReportedFunction {
  const { name, version, digest } = handle.loaded;
  const pinned = !handle.follows && others?.pinned !== false;
  const blocked = others?.blocked ?? (handle.blocked && reasonOf(handle.blocked));
  const orphaned = handle.orphaned ? ({ orphaned: true } as const) : {};
  return { name, version, digest, pinned, ...orphaned, ...(blocked && { blocked }) };
}

function reasonOf({ version, error }: BlockedEvent): NonNullable<ReportedFunction['blocked']> {
  const { code, message } = isScatterError(error) ? error : unexpected(error);
  return { version, code, message: message.slice(0, LONGEST_REASON) };
}

/** A bug, here or in what the program gave; it is shown as what it is. */
function unexpected(error: unknown): { code: string; message: string } {
  if (error instanceof Error) return { code: error.name, message: error.message };
  return { code: 'unknown', message: String(error) };
}

function compare(a: string | number, b: string | number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
