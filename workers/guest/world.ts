/** The guest's global object: what is taken away from a bare V8 context, and what is ours. */
import { defineOwn } from '../../src/codec/own-property.ts';
import { ObjectKeys, ReflectApply, ReflectOwnKeys, StringOf } from '../../src/codec/primordials.ts';
import { guestConsole, logUncaught } from './console.ts';
import { GUEST_GLOBAL, ObjectFreeze, RESOLVED, TypeErrorConstructor } from './guest-primordials.ts';
import { structuredClone } from './structured-clone.ts';
import { clearTimeout, setImmediate, setInterval, setTimeout } from './timers.ts';

// Memory outside the heap's limit, and shared memory: see docs/architecture.md, "Inside an isolate".
const TAKEN_AWAY = ['WebAssembly', 'SharedArrayBuffer', 'Atomics'];

/** Makes the global object what guests may see. */
export function furnishWorld(): void {
  stripSharedBuffers();
  const world = GUEST_GLOBAL as Record<string, unknown>;
  for (let i = 0; i < TAKEN_AWAY.length; i += 1) delete world[TAKEN_AWAY[i] as string];
  const ours: Record<string, unknown> = {
    console: guestConsole,
    setTimeout,
    setInterval,
    setImmediate,
    clearTimeout,
    clearInterval: clearTimeout,
    clearImmediate: clearTimeout,
    queueMicrotask,
    structuredClone,
  };
  const names = ObjectKeys(ours);
  for (let i = 0; i < names.length; i += 1) {
    defineOwn(GUEST_GLOBAL, names[i] as string, ours[names[i] as string], false);
  }
}

/** Gives the guest `process.env` with the variables its program allows; nothing else is on it. */
export function furnishEnvironment(names: unknown, values: unknown): void {
  const env: Record<string, string> = { __proto__: null } as never;
  const keys = names as string[];
  for (let i = 0; i < keys.length; i += 1) {
    defineOwn(env, keys[i] as string, StringOf((values as string[])[i]), true);
  }
  const process = ObjectFreeze({ __proto__: null, env: ObjectFreeze(env) });
  defineOwn(GUEST_GLOBAL, 'process', process, false);
}

// The outbox is a shared buffer. Should a guest ever get hold of it, it must not lead to the
// constructor of growable ones, which escape the heap's limit.
function stripSharedBuffers(): void {
  const prototype = SharedArrayBuffer.prototype as unknown as Record<string | symbol, unknown>;
  const keys = ReflectOwnKeys(prototype);
  for (let i = 0; i < keys.length; i += 1) delete prototype[keys[i] as string];
}

function queueMicrotask(callback: () => unknown): void {
  if (typeof callback !== 'function') {
    throw new TypeErrorConstructor('queueMicrotask needs a function to call');
  }
  void runMicrotask(callback);
}

async function runMicrotask(callback: () => unknown): Promise<void> {
  await RESOLVED;
  try {
    ReflectApply(callback, undefined, []);
  } catch (thrown) {
    logUncaught(thrown);
  }
}
