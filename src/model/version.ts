/** One immutable version of a function, as the registry has it. */
export interface VersionInfo {
  readonly name: string;
  /** Numbered from 1, without gaps, never used twice. */
  readonly version: number;
  /** sha-256 of the artifact, 64 hex digits. */
  readonly digest: string;
  readonly createdAt: Date;
  readonly author: string;
  readonly message?: string;
  /** Size of the artifact before compression, in bytes. */
  readonly bytes: number;
  /** Capabilities the version needs. */
  readonly requires: readonly string[];
  readonly format: number;
}

/** One function, as `list()` shows it. */
export interface FunctionInfo {
  readonly name: string;
  /** The version that the alias `latest` points at. */
  readonly latest: number;
  /** The highest version. */
  readonly latestVersion: number;
  /** How many versions there are. */
  readonly versions: number;
  readonly aliases: Readonly<Record<string, number>>;
  readonly updatedAt: Date;
}
