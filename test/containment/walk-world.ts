/**
 * Everything that can be reached from some objects without calling anything: own properties, also those
 * that are not enumerable or have symbols for names, what accessors are made of, and prototypes. Runs in
 * a guest by its text, and keeps the built-ins that it uses while it begins.
 *
 * @param roots objects by their names; each object has the shortest path from the first root that leads to it
 * @returns lines of path and kind, and the objects that were found
 */
export function walkWorld(roots: Readonly<Record<string, unknown>>): {
  lines: string[];
  objects: object[];
} {
  const { getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;
  const found = new Map<object, string>();
  const lines: string[] = [];
  let open: [value: object, path: string][] = [];

  function enter(value: unknown, path: string): void {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return;
    if (found.has(value)) return;
    found.set(value, path);
    open.push([value, path]);
  }

  function kindOf(value: unknown, path: string): string {
    if (value === null) return 'null';
    if (typeof value !== 'object' && typeof value !== 'function') return typeof value;
    const known = found.get(value);
    return known === undefined || known === path ? typeof value : `= ${known}`;
  }

  function visit(value: object, path: string): void {
    for (const key of ownKeys(value)) {
      const descriptor = getOwnPropertyDescriptor(value, key);
      if (descriptor === undefined) continue;
      const name = typeof key === 'symbol' ? `[${String(key)}]` : `.${key}`;
      const at = path === 'globalThis' ? String(key) : `${path}${name}`;
      // Every function has these two, and they are text and number.
      const isUsual = typeof value === 'function' && (key === 'name' || key === 'length');
      if ('value' in descriptor) {
        enter(descriptor.value, at);
        if (!isUsual || typeof descriptor.value === 'object') {
          lines.push(`${at} ${kindOf(descriptor.value, at)}`);
        }
        continue;
      }
      enter(descriptor.get, `get ${at}`);
      enter(descriptor.set, `set ${at}`);
      const parts = [descriptor.get && 'get', descriptor.set && 'set'].filter(Boolean);
      lines.push(`${at} accessor (${parts.join(', ')})`);
    }
    const prototype = getPrototypeOf(value);
    enter(prototype, `prototype of ${path}`);
    if (prototype === (typeof value === 'function' ? Function.prototype : Object.prototype)) return;
    lines.push(`prototype of ${path} ${kindOf(prototype, `prototype of ${path}`)}`);
  }

  // By their plain names, not as the prototypes of what comes first.
  enter(Function.prototype, 'Function.prototype');
  enter(Object.prototype, 'Object.prototype');
  for (const [name, root] of Object.entries(roots)) {
    enter(root, name);
    while (open.length > 0) {
      const round = open;
      open = [];
      for (const [value, path] of round) visit(value, path);
    }
  }
  return { lines: lines.sort(), objects: [...found.keys()] };
}
