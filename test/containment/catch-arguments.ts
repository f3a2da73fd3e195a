/**
 * Replaces every function that is a property or an accessor of some objects by one that notes its
 * receiver, arguments and result. Runs in a guest by its text.
 *
 * @returns what was noted, also later
 */
export function catchArguments(owners: readonly object[]): unknown[] {
  const { apply, construct, defineProperty, getOwnPropertyDescriptor, ownKeys, setPrototypeOf } =
    Reflect;
  const caught: unknown[] = [];
  let count = 0;
  const note = (value: unknown): void => {
    // By definition, not assignment: that would find what the guest put on Array.prototype.
    if (typeof value !== 'object' && typeof value !== 'function') return;
    defineProperty(caught, count, { value, writable: true, enumerable: true, configurable: true });
    count += 1;
  };

  function wrap(original: unknown): unknown {
    if (typeof original !== 'function') return original;
    const wrapper = function (this: unknown, ...args: unknown[]): unknown {
      note(this);
      for (let i = 0; i < args.length; i += 1) note(args[i]);
      const made =
        new.target === undefined
          ? apply(original, this, args)
          : construct(original, args, new.target === wrapper ? original : new.target);
      note(made);
      return made;
    };
    setPrototypeOf(wrapper, original);
    defineProperty(wrapper, 'prototype', { value: original.prototype });
    return wrapper;
  }

  for (let i = 0; i < owners.length; i += 1) {
    const owner = owners[i] as object;
    const keys = ownKeys(owner);
    for (let k = 0; k < keys.length; k += 1) {
      const key = keys[k] as string;
      const descriptor = getOwnPropertyDescriptor(owner, key) as PropertyDescriptor;
      if (!descriptor.configurable) continue;
      if ('value' in descriptor) {
        if (typeof descriptor.value !== 'function') continue;
        defineProperty(owner, key, { ...descriptor, value: wrap(descriptor.value) });
      } else {
        const [get, set] = [wrap(descriptor.get), wrap(descriptor.set)];
        defineProperty(owner, key, { ...descriptor, get, set } as PropertyDescriptor);
      }
    }
  }
  return caught;
}
