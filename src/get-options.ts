import type { Capability } from './model/capability.ts';
import type { Limits } from './model/limits.ts';
import { checkOptionNames } from './option-names.ts';

export interface GetOptions {
  /** Lower than those of the instance; the lower wins. */
  readonly limits?: Partial<Limits>;
  /**
   * Given to the function beside what the instance gives; of one name, these win. All that it needs
   * must be there. @default []
   */
  readonly capabilities?: readonly Capability[];
  /** Whether the handle follows its reference. @default what the instance does */
  readonly autoUpdate?: boolean;
  /** Allows `callSync`, which runs the function on the calling thread with no process around it. */
  readonly trusted?: boolean;
}

const KNOWN = ['limits', 'capabilities', 'autoUpdate', 'trusted'];

/** @throws ScatterError `CONFIG_INVALID` for an option that is not one */
export function checkGetOptions(options: GetOptions): void {
  checkOptionNames('get(reference, { * })', options, KNOWN);
}
