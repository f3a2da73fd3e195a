/** What a worker needs to load a function into an isolate. */
export interface LoadSpec {
  readonly name: string;
  readonly version: number;
  /** The artifact's code, see `Artifact.code`. */
  readonly code: string;
  /** How many functions it may call through the host: `$scatter.link(0)` up to here. */
  readonly linkCount: number;
  /** How many capabilities it declares: `$scatter.capability(0)` up to here. */
  readonly capabilityCount: number;
  /** Which of them is behind the global `fetch`; -1: none. */
  readonly fetchIndex: number;
  readonly memoryMb: number;
  /** Limit of the load itself, in ms. */
  readonly cpuMs: number;
  /** What `process.env` holds for the guest. */
  readonly env: Readonly<Record<string, string>>;
}
