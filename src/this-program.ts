import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { InstanceReport } from './model/instance-report.ts';
import { packageVersion } from './package-version.ts';

/** What an instance that starts now says of the program that it is in. */
export function thisProgram(): Pick<
  InstanceReport,
  'id' | 'host' | 'pid' | 'startedAt' | 'scatter'
> {
  return {
    id: randomUUID(),
    host: hostname(),
    pid: process.pid,
    startedAt: new Date(),
    scatter: packageVersion(),
  };
}
