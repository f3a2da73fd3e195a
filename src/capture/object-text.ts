import type { GraphNode, Property, Ref, ValueNode } from './graph.ts';
import { keyText, stringText } from './literal.ts';

/** An object as an expression, and the statements that fill in what could not be written yet. */
export interface ObjectText {
  readonly text: string;
  /** Each is made once the object has a place, and run when all objects have. */
  readonly closing: readonly ((place: string, textOf: TextOf) => string)[];
}

/** Undefined as long as the object has no place. */
export type TextOf = (ref: Ref) => string | undefined;

/** Everything a node refers to, in order. */
export function referencesOf(node: GraphNode): readonly Ref[] {
  if (node.kind !== 'value' && node.kind !== 'function') return [];
  const properties = node.properties.map(({ value }) => value);
  if (node.kind === 'function') return [...node.bindings.map(({ ref }) => ref), ...properties];
  return [...properties, ...node.parts.flat()];
}

export function objectText(node: ValueNode, textOf: TextOf): ObjectText {
  switch (node.shape.type) {
    case 'plain':
      return withProperties(node.properties, textOf, (fields) => `{ ${fields.join(', ')} }`);
    case 'bare':
    case 'namespace':
      return withProperties(
        node.properties,
        textOf,
        (fields) => `{ ${['__proto__: null', ...fields].join(', ')} }`,
      );
    case 'array':
      return arrayText(node, node.shape.length, textOf);
    case 'map':
    case 'set':
      return collectionText(node, textOf);
    case 'view': {
      const [buffer] = node.parts.flat();
      const text = `new ${node.shape.constructorName}(${buffer === undefined ? '' : textOf(buffer)})`;
      return { text, closing: node.properties.map(assignment) };
    }
    case 'text':
      return { text: node.shape.text, closing: node.properties.map(assignment) };
  }
}

function withProperties(
  properties: readonly Property<Ref>[],
  textOf: TextOf,
  wrap: (fields: readonly string[]) => string,
): ObjectText {
  // What comes later has its key here already, for the order of the keys.
  const fields = properties.map(
    ({ key, value }) => `${keyText(key)}: ${textOf(value) ?? 'void 0'}`,
  );
  const later = properties.filter(({ value }) => textOf(value) === undefined);
  return { text: wrap(fields), closing: later.map(assignment) };
}

function arrayText(node: ValueNode, length: number, textOf: TextOf): ObjectText {
  const elements = node.properties.filter(({ key }) => isIndex(key));
  const others = node.properties.filter(({ key }) => !isIndex(key)).map(assignment);
  if (elements.length < length) {
    const sparse = withProperties(
      elements,
      textOf,
      (fields) => `Object.assign(new Array(${length}), { ${fields.join(', ')} })`,
    );
    return { text: sparse.text, closing: [...sparse.closing, ...others] };
  }
  const texts = elements.map(({ value }) => textOf(value) ?? 'void 0');
  const later = elements.filter(({ value }) => textOf(value) === undefined).map(assignment);
  return { text: `[${texts.join(', ')}]`, closing: [...later, ...others] };
}

function collectionText({ shape, parts, properties }: ValueNode, textOf: TextOf): ObjectText {
  const name = shape.type === 'map' ? 'Map' : 'Set';
  const others = properties.map(assignment);
  if (parts.length === 0) return { text: `new ${name}()`, closing: others };
  if (parts.flat().some((ref) => textOf(ref) === undefined)) {
    // Entries keep their order only if all of them are added late.
    return { text: `new ${name}()`, closing: [...parts.map(addition), ...others] };
  }
  const entries = parts.map((part) => {
    const texts = part.map((ref) => textOf(ref));
    return name === 'Map' ? `[${texts.join(', ')}]` : texts.join();
  });
  return { text: `new ${name}([${entries.join(', ')}])`, closing: others };
}

function assignment({ key, value }: Property<Ref>) {
  return (place: string, textOf: TextOf) => `${place}[${stringText(key)}] = ${textOf(value)}`;
}

function addition(part: readonly Ref[]) {
  const method = part.length === 2 ? 'set' : 'add';
  return (place: string, textOf: TextOf) =>
    `${place}.${method}(${part.map((ref) => textOf(ref)).join(', ')})`;
}

function isIndex(key: string): boolean {
  return /^(0|[1-9]\d*)$/.test(key);
}
