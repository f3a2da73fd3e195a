import { isBuiltin } from 'node:module';
import { types } from 'node:util';
import {
  CONSOLE_METHODS,
  ECMASCRIPT_GLOBALS,
  GUEST_GLOBALS,
  isGuestGlobal,
} from './guest-globals.ts';

/**
 * Objects that exist before the author's code, by identity: those the guest has too, with the
 * expression that names them there, and those it has not, with the name to refuse them by.
 */
export class KnownObjects {
  readonly #guest = new Map<object, string>();
  readonly #host = new Map<object, string>();
  readonly #builtins = new Map<object, string>();
  #builtinsSeen = 0;

  constructor() {
    for (const name of ECMASCRIPT_GLOBALS) this.#addIntrinsic(name);
    for (const name of GUEST_GLOBALS) this.#add(this.#guest, globalValue(name), name);
    for (const method of CONSOLE_METHODS) {
      this.#add(this.#guest, Reflect.get(console, method), `console.${method}`);
    }
    for (const name of Object.getOwnPropertyNames(globalThis)) {
      if (!isGuestGlobal(name)) this.#add(this.#host, globalValue(name), name);
    }
  }

  /** The expression that gives the same object in the guest. */
  guestExpression(value: object): string | undefined {
    return this.#guest.get(value);
  }

  /** What names an object that the guest lacks: a member such as `fs.readFileSync`, or a global. */
  lookUp(value: object): { nodeBuiltin: string | undefined; hostGlobal: string | undefined } {
    this.#addLoadedBuiltins();
    return { nodeBuiltin: this.#builtins.get(value), hostGlobal: this.#host.get(value) };
  }

  #addIntrinsic(name: string): void {
    const value = globalValue(name);
    this.#add(this.#guest, value, name);
    // `globalThis` has members of the host as well; those are looked at one by one.
    if (!isObject(value) || name === 'globalThis') return;
    this.#addMembers(value, name);
    const prototype = Object.getOwnPropertyDescriptor(value, 'prototype')?.value;
    if (isObject(prototype)) this.#addMembers(prototype, `${name}.prototype`);
  }

  #addMembers(owner: object, path: string): void {
    this.#add(this.#guest, owner, path);
    for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(owner))) {
      // A method that a program patched is the author's, or a package's: only V8's own count.
      if (typeof value === 'function' && isNativeFunction(value, key)) {
        this.#add(this.#guest, value, `${path}.${key}`);
      }
    }
  }

  /** Only loaded modules can have been captured, so none is loaded for this. */
  #addLoadedBuiltins(): void {
    const loaded = (process as { moduleLoadList?: readonly string[] }).moduleLoadList ?? [];
    if (loaded.length === this.#builtinsSeen) return;
    const added = loaded.slice(this.#builtinsSeen);
    this.#builtinsSeen = loaded.length;
    for (const line of added) {
      const name = line.replace(/^NativeModule /, '');
      if (isBuiltin(name) && name !== 'process') this.#addBuiltin(name);
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

function globalValue(name: string): unknown {
  const descriptor = Object.getOwnPropertyDescriptor(globalThis, name);
  if (descriptor === undefined) return undefined;
  if ('value' in descriptor) return descriptor.value;
  // Some of Node's getters load a module or print a warning; these two hold objects people capture.
  return name === 'process' || name === 'crypto' ? Reflect.get(globalThis, name) : undefined;
}

function isNativeFunction(value: object, name: string): boolean {
  if (types.isProxy(value)) return false;
  return Function.prototype.toString.call(value) === `function ${name}() { [native code] }`;
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
