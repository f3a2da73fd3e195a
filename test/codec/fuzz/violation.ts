/** A property that does not hold. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

export function demand(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Violation(what);
}
