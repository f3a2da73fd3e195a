import { AsyncLocalStorage } from 'node:async_hooks';
import type { CapabilityCalls } from './capability-calls.ts';
import { ScatterError } from './errors.ts';

/** Calls a function of a capability by its path. */
export type CapabilityUse = (path: readonly string[], args: readonly unknown[]) => unknown;

/** What tokens stand for in code of this program. */
export interface CapabilityScope {
  readonly uses: ReadonlyMap<string, CapabilityUse>;
  /** Those of the call that runs here with `isolation: 'none'`, if one does. */
  readonly calls: CapabilityCalls | undefined;
}

const scopes = new AsyncLocalStorage<CapabilityScope>();

/** The scope around the code that runs now. */
export function currentScope(): CapabilityScope | undefined {
  return scopes.getStore();
}

export function runInScope<R>(scope: CapabilityScope, run: () => R): R {
  return scopes.run(scope, run);
}

/**
 * Keeps the asynchronous context of this moment, without our scopes, for what a capability is made of:
 * that runs for the call, and is not part of it.
 */
export function outsideOfScopes(): <R>(run: () => R) => R {
  const inContext = AsyncLocalStorage.snapshot();
  return (run) => inContext(() => scopes.exit(run));
}

/** What a token does when it is called. @throws ScatterError `CAPABILITY_MISSING` */
export function useInScope(
  name: string,
  path: readonly string[],
  args: readonly unknown[],
): unknown {
  const use = currentScope()?.uses.get(name);
  if (use !== undefined) return use(path, args);
  throw new ScatterError(
    'SCATTER_ERR_CAPABILITY_MISSING',
    `the capability \`${name}\` was used where nothing provides it; call the function around it in ` +
      'withCapabilities([provide(token, …)], () => …), or through a handle from get()',
    { capability: name },
  );
}
