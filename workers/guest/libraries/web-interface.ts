/**
 * Gives a class what Web IDL asks of an interface: members of its prototype that are enumerable, and a
 * class string (https://webidl.spec.whatwg.org/#js-interfaces).
 */
export function asInterface(type: { readonly name: string; readonly prototype: object }): void {
  const { name, prototype } = type;
  for (const key of Object.getOwnPropertyNames(prototype)) {
    if (key !== 'constructor') Object.defineProperty(prototype, key, { enumerable: true });
  }
  Object.defineProperty(prototype, Symbol.toStringTag, { value: name, configurable: true });
}

/** Constants of an interface, which stand on it and on its prototype. */
export function defineConstants(
  type: { readonly prototype: object },
  constants: Readonly<Record<string, number>>,
): void {
  for (const [name, value] of Object.entries(constants)) {
    const descriptor = { value, enumerable: true };
    Object.defineProperty(type, name, descriptor);
    Object.defineProperty(type.prototype, name, descriptor);
  }
}
