/** What one running program says of itself to those who look at the whole fleet. */
export interface InstanceReport {
  /** Made when the instance starts; no two have the same. */
  readonly id: string;
  /** Name of the machine. */
  readonly host: string;
  readonly pid: number;
  readonly startedAt: Date;
  /** Version of the scatter-fn package it runs. */
  readonly scatter: string;
  /** Identity of the registry's data and the change up to which all is applied here. */
  readonly generation: string;
  readonly epoch: number;
  /** Tells that change from another one with its number, where the store can lose writes. */
  readonly mark?: string;
  /** Since when the registry has not answered; undefined while it does. */
  readonly cacheSince?: Date;
  /** One entry for each version that a handle has loaded, by name. */
  readonly functions: readonly ReportedFunction[];
}

/** A function as one instance runs it. */
export interface ReportedFunction {
  readonly name: string;
  readonly version: number;
  readonly digest: string;
  /** Whether it stays at this version whatever the registry says. */
  readonly pinned: boolean;
  /** It went with writes that the registry lost, and runs on until it is pushed again. */
  readonly orphaned?: true;
  /** The version that should be here and cannot run; undefined when there is none. */
  readonly blocked?: {
    readonly version: number;
    /** Of the error that says why, such as `SCATTER_ERR_CAPABILITY_MISSING`. */
    readonly code: string;
    readonly message: string;
  };
}
