import { type CapabilitySet, layCapabilities } from './capability-set.ts';
import type { GetOptions } from './get-options.ts';
import type { Capability } from './model/capability.ts';
import { type Limits, tightenLimits } from './model/limits.ts';
import { checkOptionNames } from './option-names.ts';
import type { ResolvedOptions } from './options.ts';
import type { GuestLogLine } from './pool/guest-log.ts';

/** What `with()` lays over the calls of a handle. */
export interface CallOptions {
  /** Callers of the same partition may share an isolate. @default '' */
  readonly partition?: string;
  /** Lower than those of the handle; the lower wins. */
  readonly limits?: Partial<Limits>;
  /** Aborts the calls: they reject with `ABORTED`. */
  readonly signal?: AbortSignal;
  /** Given to the calls beside what the handle gives; of one name, these win. @default [] */
  readonly capabilities?: readonly Capability[];
  /** What factories of capabilities are told of the calls; guests never see it. */
  readonly context?: unknown;
  /** Console output of the calls, beside the instance's logger. */
  readonly onLog?: (line: GuestLogLine) => void;
}

/** Call options with everything said. */
export interface CallSettings {
  readonly partition: string;
  readonly limits: Limits;
  readonly signal: AbortSignal | undefined;
  readonly capabilities: CapabilitySet;
  readonly context: unknown;
  readonly onLog: ((line: GuestLogLine) => void) | undefined;
}

const KNOWN = ['partition', 'limits', 'signal', 'capabilities', 'context', 'onLog'];

/**
 * The settings of a handle as it is got.
 *
 * @param declared capabilities of the tracked function that it was got for
 * @throws ScatterError `CONFIG_INVALID`
 */
export function initialSettings(
  instance: ResolvedOptions,
  got: GetOptions,
  declared: readonly Capability[] = [],
): CallSettings {
  const known = layCapabilities(instance.capabilities, declared, 'track(fn, { capabilities })');
  return {
    partition: '',
    limits: tightenLimits(instance.limits, got.limits),
    signal: undefined,
    capabilities: layCapabilities(known, got.capabilities, 'get(…, { capabilities })'),
    context: undefined,
    onLog: undefined,
  };
}

/** @throws ScatterError `CONFIG_INVALID` */
export function settleCallOptions(base: CallSettings, options: CallOptions): CallSettings {
  checkOptionNames('with({ * })', options, KNOWN);
  const { capabilities, context = base.context } = options;
  return {
    partition: options.partition ?? base.partition,
    limits: tightenLimits(base.limits, options.limits),
    signal: options.signal ?? base.signal,
    capabilities: layCapabilities(base.capabilities, capabilities, 'with({ capabilities })'),
    context,
    onLog: options.onLog ?? base.onLog,
  };
}
