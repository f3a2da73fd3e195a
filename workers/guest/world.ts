/** The guest's global object: what is left of a bare V8 context, and what is ours. */
import { defineOwn } from '../../src/codec/own-property.ts';
import { ObjectKeys, ReflectApply, ReflectOwnKeys, StringOf } from '../../src/codec/primordials.ts';
import { ECMASCRIPT_GLOBALS } from '../../src/model/ecmascript-globals.ts';
import { furnishArrayBuffer } from './array-buffer.ts';
import { guestPerformance } from './clock.ts';
import { guestConsole, logUncaught } from './console.ts';
import { GUEST_GLOBAL, ObjectFreeze, RESOLVED, TypeErrorConstructor } from './guest-primordials.ts';
import { offerLibrary } from './libraries.ts';
import { LIBRARY_GLOBALS, type LibraryName } from './library-globals.ts';
import { structuredClone } from './structured-clone.ts';
import { clearTimeout, setImmediate, setInterval, setTimeout } from './timers.ts';

/** Makes the global object what guests may see. */
export function furnishWorld(): void {
  stripSharedBuffers();
  furnishArrayBuffer();
  removeOthers();
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
    performance: guestPerformance,
  };
  const names = ObjectKeys(ours);
  for (let i = 0; i < names.length; i += 1) {
    defineOwn(GUEST_GLOBAL, names[i] as string, ours[names[i] as string], false);
  }
  const libraries = ObjectKeys(LIBRARY_GLOBALS) as LibraryName[];
  for (let i = 0; i < libraries.length; i += 1) {
    const library = libraries[i] as LibraryName;
    if (library !== 'fetch') offerLibrary(library);
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

/**
 * Takes away what is not of the list, whatever V8 will bring: `WebAssembly`, `SharedArrayBuffer` and
 * `Atomics` give memory outside of the heap's limit, and memory that two threads see.
 */
function removeOthers(): void {
  const allowed = new Set<string | symbol>(ECMASCRIPT_GLOBALS);
  const names = ReflectOwnKeys(GUEST_GLOBAL);
  for (let i = 0; i < names.length; i += 1) {
    const name = names[i] as string;
    if (!allowed.has(name)) delete (GUEST_GLOBAL as Record<string, unknown>)[name];
  }
  // Where there is `Temporal`, this leads to it.
  Reflect.deleteProperty(Date.prototype, 'toTemporalInstant');
  // Each of its results keeps a copy of the text, outside of the heap.
  Reflect.deleteProperty(Intl, 'Segmenter');
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
