import type { AnyNode } from 'acorn';
import { perNode } from './per-node.ts';
import type { Script } from './script.ts';
import {
  childrenOf,
  type FunctionSyntax,
  isClassSyntax,
  isWithin,
  type TextRange,
} from './syntax.ts';

/** A construct that cannot be rebuilt away from its surroundings. */
export interface Hazard {
  readonly what: string;
  readonly fix: string;
  readonly offset: number;
  /** Whether it is none as part of the class around it. */
  readonly needsClass: boolean;
}

/** Who `this`, `new.target` and `super` belong to, and whose private names can be used. */
interface Surroundings {
  readonly isOuterThis: boolean;
  readonly isOuterSuper: boolean;
  readonly isInClass: boolean;
}

type Step = readonly [node: AnyNode, around: Surroundings];

const NO_LOADER = 'import it at the top of the file instead';

/**
 * The first hazard in the text of a function.
 *
 * @param skipped parts of its text that are not taken
 */
export function findHazard(
  script: Script,
  root: FunctionSyntax,
  skipped: readonly TextRange[],
  isTopLevelThis: boolean,
): Hazard | undefined {
  if (skipped.length > 0) return searchHazard(root, skipped, isTopLevelThis);
  return (isTopLevelThis ? hazardAtTop : hazardInside)(script, root);
}

const hazardAtTop = perNode((_, root) => searchHazard(root as FunctionSyntax, [], true));
const hazardInside = perNode((_, root) => searchHazard(root as FunctionSyntax, [], false));

function searchHazard(
  root: FunctionSyntax,
  skipped: readonly TextRange[],
  isTopLevelThis: boolean,
): Hazard | undefined {
  const isOuterThis =
    (root.type === 'ArrowFunctionExpression' && !isTopLevelThis) || isClassSyntax(root);
  const start: Surroundings = { isOuterThis, isOuterSuper: true, isInClass: false };
  const found: Hazard[] = [];
  const open: Step[] = [[root, start]];
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    const [node, around] = step;
    if (skipped.some((range) => isWithin(node, range))) continue;
    const words = hazardOf(node, around);
    if (words !== undefined) found.push({ needsClass: false, ...words, offset: node.start });
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

type Words = Pick<Hazard, 'what' | 'fix'> & Partial<Pick<Hazard, 'needsClass'>>;

function hazardOf(node: AnyNode, around: Surroundings): Words | undefined {
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
        ? {
            what: 'uses `super`, which stays behind',
            fix: 'capture the class or an instance, or call the other function by its name',
            needsClass: true,
          }
        : undefined;
    case 'MetaProperty':
      return metaHazard(node.meta.name, around);
    case 'PrivateIdentifier':
      return around.isInClass
        ? undefined
        : {
            what: `uses the private name \`#${node.name}\` of a class that stays behind`,
            fix: 'capture the class, create the instance inside the function, or pass it as a capability',
            needsClass: true,
          };
    default:
      return lookupHazard(node);
  }
}

function metaHazard(meta: string, around: Surroundings): Words | undefined {
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

function lookupHazard(node: AnyNode): Words | undefined {
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
