import { type CapabilityUse, currentScope, runInScope } from './capability-scope.ts';
import { layCapabilities, NO_CAPABILITIES } from './capability-set.ts';
import { CapabilitySource } from './capability-source.ts';
import type { Capability, CapabilityCall } from './model/capability.ts';

/**
 * Runs `run` and what it leads to, asynchronous code included, with these capabilities behind their
 * tokens: for direct calls of tracked functions, as unit tests make them. Scopes nest; the nearest one
 * that provides a name wins. A capability's functions give promises, as they do in an isolate.
 *
 * @returns what `run` returns
 * @throws ScatterError `CONFIG_INVALID`, and what `run` throws
 */
export function withCapabilities<R>(capabilities: readonly Capability[], run: () => R): R {
  const laid = layCapabilities(NO_CAPABILITIES, capabilities, 'withCapabilities(capabilities, …)');
  const controller = new AbortController();
  const outer = currentScope();
  const uses = new Map(outer?.uses);
  for (const capability of laid.values()) {
    const source = new CapabilitySource(capability, () => callOf(controller.signal));
    const use: CapabilityUse = async (path, args) => source.use(path, args);
    uses.set(capability.name, use);
  }
  return endingWith(
    () => runInScope({ uses, calls: outer?.calls }, run),
    () => controller.abort(),
  );
}

function callOf(signal: AbortSignal): CapabilityCall {
  return { function: '', version: 0, partition: '', context: undefined, signal };
}

/** Calls `end` when what `run` gives has settled. */
function endingWith<R>(run: () => R, end: () => void): R {
  let result: R;
  try {
    result = run();
  } catch (error) {
    end();
    throw error;
  }
  if (result instanceof Promise) result.then(end, end);
  else end();
  return result;
}
