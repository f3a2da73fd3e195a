export type { CallOptions } from './call-options.ts';
export { capability } from './capability.ts';
export type { NamedCapability } from './capability-names.ts';
export type { SourceText } from './capture/index.ts';
export {
  cleanup,
  get,
  init,
  list,
  load,
  push,
  pushSource,
  setAlias,
  status,
  track,
} from './default-instance.ts';
export { type ErrorCode, type GuestErrorReport, isScatterError, ScatterError } from './errors.ts';
export type { StatusOptions } from './fleet.ts';
export type { GetOptions } from './get-options.ts';
export type { Logger } from './logger.ts';
export type {
  Capability,
  CapabilityCall,
  CapabilityFactory,
  CapabilityLimits,
  Implementation,
} from './model/capability.ts';
export type { BlockedFunction, FleetStatus } from './model/fleet-status.ts';
export type { AnyFunction } from './model/function-type.ts';
export type { InstanceReport, ReportedFunction } from './model/instance-report.ts';
export type { Limits } from './model/limits.ts';
export type { FunctionInfo, VersionInfo } from './model/version.ts';
export type { ScatterOptions } from './options.ts';
export type { GuestLogLine } from './pool/guest-log.ts';
export type { PoolStats } from './pool/pool-options.ts';
export { type Provided, type ProvideOptions, provide } from './provide.ts';
export type { RedisNode, RedisOptions } from './registry/redis/address.ts';
export type { RegistryState } from './registry-state.ts';
export type { BlockedEvent, SwapEvent } from './reload/handle-events.ts';
export { createScatter, type Scatter } from './scatter.ts';
export type { DeleteOutcome, ScatterFunction } from './scatter-function-type.ts';
export type { ScatterStats } from './scatter-stats.ts';
export type { LoadOptions, PushSourceOptions } from './source-options.ts';
export type { TrackOptions } from './track-options.ts';
export type { PushOptions, Tracked } from './tracked.ts';
export { withCapabilities } from './with-capabilities.ts';
