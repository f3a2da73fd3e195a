// Replaces everything that can be replaced by accessors that note who came by. An error's name and
// message are read as any program reads them, so these two stay.
export const TAMPER = `
  globalThis.reached = '';
  const define = Object.defineProperty, ownKeys = Reflect.ownKeys, apply = Reflect.apply;
  const describe = Object.getOwnPropertyDescriptor, text = String;
  const tamper = (owner, key, label) => {
    const old = describe(owner, key);
    if (old && !old.configurable) return;
    define(owner, key, {
      __proto__: null, configurable: true, enumerable: false,
      get() { globalThis.reached += ' get ' + label + '.' + text(key); return old && old.value; },
      set() { globalThis.reached += ' set ' + label + '.' + text(key); },
    });
  };
  const TypedArray = Object.getPrototypeOf(Uint8Array);
  const iterators = [[][Symbol.iterator](), new Map().entries(), new Set().values(), ''[Symbol.iterator]()];
  const owners = [];
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    const value = globalThis[name];
    if (typeof value !== 'function' && !['JSON', 'Math', 'Reflect', 'Atomics'].includes(name)) continue;
    owners.push([value, name]);
    if (value.prototype) owners.push([value.prototype, name + '.prototype']);
  }
  owners.push([TypedArray, 'TypedArray'], [TypedArray.prototype, 'TypedArray.prototype']);
  for (const it of iterators) owners.push([Object.getPrototypeOf(it), 'iterator']);
  const globals = owners.filter(([, name]) => !name.includes('.')).map(([, name]) => name);
  const fields = ['kind', 'path', 'reason', 'bytes', 'position', 'end', 'depth', 'objects', 'own', 'root',
    'limit', 'capacity', 'maxBytes', 'full', 'value', 'get', 'set', 'writable', 'enumerable',
    'configurable', 'a', 'b', 'c', 'd', 'name', 'toJSON', 'then', 'cause', 'errors', 'key0', 'stack'];
  for (let at = 0; at < owners.length; at += 1) {
    const [owner, label] = owners[at];
    const keys = ownKeys(owner);
    for (let index = 0; index < keys.length; index += 1) {
      const key = keys[index];
      if (key === 'prototype' || key === 'stackTraceLimit') continue;
      if ((key === 'name' || key === 'message') && label.endsWith('Error.prototype')) continue;
      tamper(owner, key, label);
    }
  }
  for (let index = 0; index < 40; index += 1) tamper(Array.prototype, index, 'Array.prototype');
  for (let index = 0; index < 40; index += 1) tamper(Object.prototype, index, 'Object.prototype');
  for (let index = 0; index < fields.length; index += 1) tamper(Object.prototype, fields[index], 'Object.prototype');
  for (let index = 0; index < globals.length; index += 1) {
    if (globals[index] !== 'TypedArray') tamper(globalThis, globals[index], 'globalThis');
  }
  globalThis.reached = '';
`;
