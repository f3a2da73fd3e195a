import type { AnyNode } from 'acorn';
import type { Script } from './script.ts';

/**
 * Remembers what the text alone says of a node, for as long as its script is kept: the same function
 * is captured again with every push, and with every function that reaches it.
 *
 * @param meanwhile what is given to a computation that comes back to its own node
 */
export function perNode<Value>(
  compute: (script: Script, node: AnyNode) => Value,
  meanwhile?: Value,
): (script: Script, node: AnyNode) => Value {
  const known = new WeakMap<AnyNode, { readonly value: Value }>();
  return (script, node) => {
    const met = known.get(node);
    if (met !== undefined) return met.value;
    if (meanwhile !== undefined) known.set(node, { value: meanwhile });
    const value = compute(script, node);
    known.set(node, { value });
    return value;
  };
}
