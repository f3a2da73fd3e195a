/** Which way leads from a capability to a function in it. Also part of the guest's prelude. */

/** How many members deep a capability can be. */
export const MAX_CAPABILITY_PATH = 16;

/** Longest encoded path, in bytes. */
export const MAX_PATH_BYTES = 4096;

/**
 * Whether a member of a capability can have this name. The others are what the language asks of any
 * object: a capability must look neither like a promise nor like something that has a class.
 */
export function isCapabilityMember(key: unknown): key is string {
  return (
    typeof key === 'string' &&
    key !== 'then' &&
    key !== 'constructor' &&
    key !== 'prototype' &&
    key !== '__proto__' &&
    key !== 'toString' &&
    key !== 'valueOf' &&
    key !== 'toJSON'
  );
}
