import { keyText, stringText } from '../values/literal.ts';
import type { Property, Ref, SymbolNode, ValueNode } from '../walk/graph.ts';

/** An object as an expression, and the statements that fill in what could not be written yet. */
export interface ObjectText {
  readonly text: string;
  /** Each is made once the object has a place, and run when all objects have. */
  readonly closing: readonly Closing[];
}

export type Closing = (place: string, textOf: TextOf) => string;

/** Undefined as long as the object has no place. */
export type TextOf = (ref: Ref) => string | undefined;

export function objectText(node: ValueNode, textOf: TextOf): ObjectText {
  switch (node.shape.type) {
    case 'plain':
      return literalText(node, textOf, node.prototype);
    case 'namespace':
      return literalText(node, textOf, 'null');
    case 'array':
      return arrayText(node, node.shape.length, textOf);
    case 'map':
    case 'set':
      return collectionText(node, textOf);
    case 'view':
      return { text: viewText(node, node.shape, textOf), closing: outfitClosings(node) };
    case 'text':
      return { text: node.shape.text, closing: outfitClosings(node) };
  }
}

/** What is put onto an object that is there already: what it inherits from, and its properties. */
export function outfitClosings(
  { properties, prototype }: Pick<ValueNode, 'properties' | 'prototype'>,
  isFunction = false,
): readonly Closing[] {
  // A function has properties that an assignment does not change.
  const isGuarded = isFunction || prototype !== undefined;
  const own = properties.map((property) => definition(property, isGuarded));
  return prototype === undefined ? own : [inheritance(prototype), ...own];
}

function literalText(node: ValueNode, textOf: TextOf, prototype: Ref | undefined): ObjectText {
  const parent = prototype === undefined ? undefined : textOf(prototype);
  const closing: Closing[] = [];
  if (prototype !== undefined && parent === undefined) closing.push(inheritance(prototype));
  const fields = node.properties.map((property) => {
    const value = plainValue(property, textOf);
    // What comes later has its key here already, for the order of the keys.
    if (value === undefined) closing.push(definition(property, true));
    return `${fieldKey(property.key, textOf)}: ${value ?? 'void 0'}`;
  });
  if (parent !== undefined) fields.unshift(`__proto__: ${parent}`);
  return { text: fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`, closing };
}

/** Undefined for what cannot be written as a field: accessors, flags, what has no place yet. */
function plainValue({ content, flags }: Property, textOf: TextOf): string | undefined {
  return flags === undefined && 'value' in content ? textOf(content.value) : undefined;
}

function arrayText(node: ValueNode, length: number, textOf: TextOf): ObjectText {
  const elements = node.properties.filter(({ key }) => isIndex(key));
  const others = node.properties.filter(({ key }) => !isIndex(key));
  const closing = outfitClosings({ properties: others, prototype: node.prototype });
  if (elements.length < length) {
    const sparse = literalText({ ...node, properties: elements }, textOf, undefined);
    const text = `Object.assign(new Array(${length}), ${sparse.text})`;
    return { text, closing: [...sparse.closing, ...closing] };
  }
  const texts = elements.map((element) => plainValue(element, textOf));
  const later = elements
    .filter((_, index) => texts[index] === undefined)
    .map((element) => definition(element, node.prototype !== undefined));
  const text = `[${texts.map((one) => one ?? 'void 0').join(', ')}]`;
  return { text, closing: [...later, ...closing] };
}

function collectionText(node: ValueNode, textOf: TextOf): ObjectText {
  const { shape, parts } = node;
  const name = shape.type === 'map' ? 'Map' : 'Set';
  const others = outfitClosings(node);
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

function viewText(
  { parts }: ValueNode,
  { constructorName, window }: Extract<ValueNode['shape'], { type: 'view' }>,
  textOf: TextOf,
): string {
  const [buffer] = parts.flat();
  const place = buffer === undefined ? '' : textOf(buffer);
  const range = window === undefined ? '' : `, ${window.offset}, ${window.length}`;
  return `new ${constructorName}(${place}${range})`;
}

function inheritance(prototype: Ref): Closing {
  return (place, textOf) => `Object.setPrototypeOf(${place}, ${textOf(prototype)})`;
}

/** @param isGuarded whether an assignment could meet a setter, or a property that is there */
function definition({ key, content, flags }: Property, isGuarded: boolean): Closing {
  return (place, textOf) => {
    const name = keyExpression(key, textOf);
    if ('value' in content && flags === undefined && !isGuarded && key !== '__proto__') {
      return `${place}[${name}] = ${textOf(content.value)}`;
    }
    const { writable = true, enumerable = true, configurable = true } = flags ?? {};
    const rest = `enumerable: ${enumerable}, configurable: ${configurable}`;
    const what =
      'value' in content
        ? `value: ${textOf(content.value)}, writable: ${writable}`
        : `get: ${accessor(content.get, textOf)}, set: ${accessor(content.set, textOf)}`;
    return `Object.defineProperty(${place}, ${name}, { ${what}, ${rest} })`;
  };
}

function accessor(ref: Ref | undefined, textOf: TextOf): string {
  return (ref === undefined ? undefined : textOf(ref)) ?? 'void 0';
}

function addition(part: readonly Ref[]): Closing {
  const method = part.length === 2 ? 'Map.prototype.set' : 'Set.prototype.add';
  return (place, textOf) =>
    `${method}.call(${place}, ${part.map((ref) => textOf(ref)).join(', ')})`;
}

/** A key in brackets. */
export function keyExpression(key: string | SymbolNode, textOf: TextOf): string {
  return typeof key === 'string' ? stringText(key) : (textOf(key) ?? 'void 0');
}

function fieldKey(key: string | SymbolNode, textOf: TextOf): string {
  return typeof key === 'string' ? keyText(key) : `[${keyExpression(key, textOf)}]`;
}

function isIndex(key: string | SymbolNode): boolean {
  return typeof key === 'string' && /^(0|[1-9]\d*)$/.test(key);
}
