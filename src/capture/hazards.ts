import type { AnyNode } from 'acorn';
import type { FunctionSyntax } from './syntax.ts';
import { childrenOf } from './syntax.ts';

/** A construct that cannot be rebuilt away from its surroundings. */
export interface Hazard {
  readonly what: string;
  readonly fix: string;
  readonly offset: number;
}

/** Who `this`, `new.target` and `super` belong to, and whose private names can be used. */
interface Surroundings {
  readonly isOuterThis: boolean;
  readonly isOuterSuper: boolean;
  readonly isInClass: boolean;
}

type Step = readonly [node: AnyNode, around: Surroundings];

const NO_LOADER = 'import it at the top of the file instead';

/** The first hazard in the text of a function. */
export function findHazard(root: FunctionSyntax): Hazard | undefined {
  const isArrow = root.type === 'ArrowFunctionExpression';
  const start: Surroundings = { isOuterThis: isArrow, isOuterSuper: true, isInClass: false };
  const found: Hazard[] = [];
  const open: Step[] = [[root, start]];
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    const [node, around] = step;
    const words = hazardOf(node, around);
    if (words !== undefined) found.push({ ...words, offset: node.start });
    for (const { field, child } of childrenOf(node)) {
      open.push([child, surroundingsOf(node, field, child, around)]);
    }
  }
  return found.sort((one, other) => one.offset - other.offset)[0];
}

function surroundingsOf(
  node: AnyNode,
  field: string,
  child: AnyNode,
  around: Surroundings,
): Surroundings {
  if (child.type === 'ClassBody') return { ...around, isInClass: true };
  const isMember = child.type === 'StaticBlock' || (isField(node) && field === 'value');
  if (isMember) return { ...around, isOuterThis: false, isOuterSuper: false };
  if (child.type === 'FunctionDeclaration') return { ...around, isOuterThis: false };
  if (child.type !== 'FunctionExpression') return around;
  const isMethod = node.type === 'MethodDefinition' || node.type === 'Property';
  return { ...around, isOuterThis: false, isOuterSuper: around.isOuterSuper && !isMethod };
}

function isField(node: AnyNode): boolean {
  return node.type === 'PropertyDefinition';
}

function hazardOf(node: AnyNode, around: Surroundings): Omit<Hazard, 'offset'> | undefined {
  switch (node.type) {
    case 'ThisExpression':
      return around.isOuterThis
        ? {
            what: 'uses `this` of the function around it',
            fix: 'write `const self = this` first and use `self`',
          }
        : undefined;
    case 'Super':
      return around.isOuterSuper
        ? { what: 'uses `super`, which stays behind', fix: 'call the other function by its name' }
        : undefined;
    case 'MetaProperty':
      return metaHazard(node.meta.name, around);
    case 'PrivateIdentifier':
      return around.isInClass
        ? undefined
        : {
            what: `uses the private name \`#${node.name}\` of a class that stays behind`,
            fix: 'create the instance inside the function, or pass it as a capability',
          };
    default:
      return lookupHazard(node);
  }
}

function metaHazard(meta: string, around: Surroundings): Omit<Hazard, 'offset'> | undefined {
  if (meta === 'import') {
    return {
      what: 'uses `import.meta`, which the isolate does not have',
      fix: 'copy what it gives to a const outside the function',
    };
  }
  if (!around.isOuterThis) return undefined;
  return {
    what: 'uses `new.target` of the function around it',
    fix: 'write `const target = new.target` first and use `target`',
  };
}

function lookupHazard(node: AnyNode): Omit<Hazard, 'offset'> | undefined {
  if (node.type === 'ImportExpression') {
    return { what: 'uses `import()`, and the isolate has no module loader', fix: NO_LOADER };
  }
  if (node.type === 'WithStatement') {
    return {
      what: 'contains a `with` statement, so its names cannot be known',
      fix: 'read the properties one by one',
    };
  }
  const isEval =
    node.type === 'CallExpression' &&
    node.callee.type === 'Identifier' &&
    node.callee.name === 'eval';
  if (!isEval) return undefined;
  return {
    what: 'calls `eval`, so the variables it needs cannot be known',
    fix: 'use `new Function` with named parameters, or write the code out',
  };
}
