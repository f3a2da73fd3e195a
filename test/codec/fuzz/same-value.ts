/**
 * Whether two decoded values are equal, the order of their parts included. `assert.deepStrictEqual`
 * takes time quadratic in the size of a Set of objects.
 */
export function isSame(one: unknown, two: unknown): boolean {
  if (typeof one !== 'object' || typeof two !== 'object') return Object.is(one, two);
  if (one === null || two === null) return one === two;
  if (Object.getPrototypeOf(one) !== Object.getPrototypeOf(two)) return false;
  if (one instanceof Date) return Object.is(one.getTime(), (two as Date).getTime());
  if (one instanceof ArrayBuffer) return isSameBytes(one, two as ArrayBuffer);
  if (ArrayBuffer.isView(one)) return isSameBytes(one.buffer, (two as Uint8Array).buffer);
  if (one instanceof Map) return areSame(itemsOf(one), itemsOf(two as typeof one));
  if (one instanceof Set) return areSame([...one], [...(two as typeof one)]);
  return hasSameFields(one, two);
}

function hasSameFields(one: object, two: object): boolean {
  const keys = Object.getOwnPropertyNames(one);
  const others = Object.getOwnPropertyNames(two);
  if (keys.length !== others.length) return false;
  // The list of an AggregateError is the one field that is written last.
  if (!Error.isError(one) && !keys.every((key, at) => key === others[at])) return false;
  return keys.every((key) => {
    const field = Object.getOwnPropertyDescriptor(one, key);
    const other = Object.getOwnPropertyDescriptor(two, key);
    return field?.enumerable === other?.enumerable && isSame(field?.value, other?.value);
  });
}

function areSame(one: readonly unknown[], two: readonly unknown[]): boolean {
  return one.length === two.length && one.every((part, at) => isSame(part, two[at]));
}

function itemsOf(map: ReadonlyMap<unknown, unknown>): unknown[] {
  const items: unknown[] = [];
  for (const [key, value] of map) items.push(key, value);
  return items;
}

function isSameBytes(one: ArrayBufferLike, two: ArrayBufferLike): boolean {
  return Buffer.compare(new Uint8Array(one), new Uint8Array(two)) === 0;
}
