import { isBuiltin } from 'node:module';
import { FETCH_GLOBALS } from '../../model/fetch-capability.ts';
import {
  CONSOLE_METHODS,
  GUEST_GLOBALS,
  isGuestGlobal,
  PARTIAL_GLOBALS,
} from '../names/guest-globals.ts';
import { findIntrinsics } from './intrinsics.ts';
import { isObject } from './is-object.ts';

/** Globals that Node makes when they are first asked for, by the module that comes with them. */
const LATE_GLOBALS: ReadonlyMap<string, string> = new Map([
  ['internal/crypto/webcrypto', 'crypto'],
  ['perf_hooks', 'performance'],
]);

/** An object of the host that has no counterpart in a guest. */
export interface ForeignObject {
  readonly name: string;
  /** Why it cannot travel, after its name. */
  readonly what: string;
}

/**
 * Objects that exist before the author's code, by identity: those the guest has too, with the
 * expression that names them there, and those it has not, with the name to refuse them by.
 */
export class KnownObjects {
  readonly #guest = findIntrinsics();
  readonly #host = new Map<object, string>();
  readonly #builtins = new Map<object, string>();
  #builtinsSeen = 0;

  constructor() {
    for (const name of ['globalThis', ...GUEST_GLOBALS]) {
      const value = globalValue(name);
      this.#add(this.#guest, value, name);
      // What classes that extend it inherit from.
      if (typeof value === 'function') this.#add(this.#guest, value.prototype, `${name}.prototype`);
    }
    for (const method of CONSOLE_METHODS) {
      this.#add(this.#guest, Reflect.get(console, method), `console.${method}`);
    }
    this.#add(this.#guest, process.env, 'process.env');
    for (const name of Object.getOwnPropertyNames(globalThis)) {
      if (!isGuestGlobal(name)) this.#add(this.#host, globalValue(name), name);
    }
  }

  /** The expression that gives the same object in the guest. */
  guestExpression(value: object): string | undefined {
    this.#addLoadedBuiltins();
    return this.#guest.get(value) ?? fetchGlobal(value);
  }

  /** What names an object that the guest lacks: a member such as `fs.readFileSync`, or a global. */
  foreignName(value: object): ForeignObject | undefined {
    this.#addLoadedBuiltins();
    const name = this.#host.get(value);
    if (name !== undefined) {
      return { name, what: 'is a global of this program that the isolate does not have' };
    }
    const builtin = this.#builtins.get(value);
    if (builtin === undefined) return undefined;
    return { name: builtin, what: 'is a Node built-in; the isolate has no Node API' };
  }

  /** Only loaded modules can have been captured, so none is loaded for this. */
  #addLoadedBuiltins(): void {
    const loaded = (process as { moduleLoadList?: readonly string[] }).moduleLoadList ?? [];
    if (loaded.length === this.#builtinsSeen) return;
    const added = loaded.slice(this.#builtinsSeen);
    this.#builtinsSeen = loaded.length;
    for (const line of added) {
      const name = line.replace(/^NativeModule /, '');
      // Asking for it earlier would load it, which takes longer than a capture.
      const late = LATE_GLOBALS.get(name);
      if (late !== undefined) this.#addPartial(late);
      if (isBuiltin(name) && name !== 'process') this.#addBuiltin(name);
    }
  }

  #addPartial(name: string): void {
    const value: unknown = Reflect.get(globalThis, name);
    this.#add(this.#host, value, name);
    if (!isObject(value)) return;
    for (const member of PARTIAL_GLOBALS.get(name) ?? []) {
      this.#add(this.#guest, Reflect.get(value, member), `${name}.${member}`);
    }
  }

  #addBuiltin(name: string): void {
    const exported: unknown = process.getBuiltinModule(name);
    this.#add(this.#builtins, exported, name);
    if (!isObject(exported)) return;
    for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(exported))) {
      if (typeof value === 'function') this.#add(this.#builtins, value, `${name}.${key}`);
    }
  }

  #add(table: Map<object, string>, value: unknown, name: string): void {
    if (isObject(value) && !table.has(value)) table.set(value, name);
  }
}

// Node makes these at their first use, and programs put fetches of their own in their place.
function fetchGlobal(value: object): string | undefined {
  for (const name of FETCH_GLOBALS) {
    const known = globalValue(name);
    if (known === value) return name;
    if (typeof known === 'function' && known.prototype === value) return `${name}.prototype`;
  }
  return undefined;
}

function globalValue(name: string): unknown {
  const descriptor = Object.getOwnPropertyDescriptor(globalThis, name);
  if (descriptor === undefined) return undefined;
  if ('value' in descriptor) return descriptor.value;
  // Some of Node's getters load a module or print a warning; this one does neither.
  return name === 'process' ? Reflect.get(globalThis, name) : undefined;
}
