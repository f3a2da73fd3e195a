import { type Limits, tightenLimits } from './model/limits.ts';
import { checkOptionNames } from './option-names.ts';
import type { GuestLogLine } from './pool/guest-log.ts';

/** What `with()` lays over the calls of a handle. */
export interface CallOptions {
  /** Callers of the same partition may share an isolate. @default '' */
  readonly partition?: string;
  /** Lower than those of the handle; the lower wins. */
  readonly limits?: Partial<Limits>;
  /** Aborts the calls: they reject with `ABORTED`. */
  readonly signal?: AbortSignal;
  /** Console output of the calls, beside the instance's logger. */
  readonly onLog?: (line: GuestLogLine) => void;
}

/** Call options with everything said. */
export interface CallSettings {
  readonly partition: string;
  readonly limits: Limits;
  readonly signal: AbortSignal | undefined;
  readonly onLog: ((line: GuestLogLine) => void) | undefined;
}

const KNOWN = ['partition', 'limits', 'signal', 'onLog'];

/** @throws ScatterError `CONFIG_INVALID` */
export function settleCallOptions(base: CallSettings, options: CallOptions): CallSettings {
  checkOptionNames('with({ * })', options, KNOWN);
  return {
    partition: options.partition ?? base.partition,
    limits: tightenLimits(base.limits, options.limits),
    signal: options.signal ?? base.signal,
    onLog: options.onLog ?? base.onLog,
  };
}
