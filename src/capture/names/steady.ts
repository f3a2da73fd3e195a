import type { Variable } from 'eslint-scope';
import type { InspectedFunction, LiveScope } from '../scripts/inspected.ts';
import { perNode } from '../scripts/per-node.ts';
import type { Script } from '../scripts/script.ts';
import type { FunctionSyntax } from '../scripts/syntax.ts';
import { freeNamesOf } from './free-names.ts';
import { isGuestGlobal } from './guest-globals.ts';

/**
 * Whether all variables that a function takes from around it have the values that they keep for good,
 * as far as its own script can tell. What an import gives may change in the module it comes from.
 */
export function isSteady(
  script: Script,
  syntax: FunctionSyntax,
  inspected: InspectedFunction,
): boolean {
  if (!hasSteadyNames(script, syntax)) return false;
  return freeNamesOf(script, syntax, []).every(({ name, variable }) => {
    return variable === undefined || isInitialised(inspected.scopes, name);
  });
}

const hasSteadyNames = perNode((script, syntax): boolean =>
  freeNamesOf(script, syntax as FunctionSyntax, []).every(({ name, variable }) =>
    variable === undefined ? isGuestGlobal(name) : keepsValue(variable, script.isModule),
  ),
);

function keepsValue({ defs, references }: Variable, isStrict: boolean): boolean {
  const [definition, second] = defs;
  if (definition === undefined || second !== undefined) return false;
  if (references.some((reference) => reference.isWrite() && !reference.init)) return false;
  switch (definition.type) {
    case 'FunctionName':
    case 'ClassName':
      return true;
    case 'Parameter':
      // In sloppy code `arguments[0] = …` assigns it, too.
      return isStrict;
    case 'Variable':
      // A `var` can be read before it has its value.
      return definition.parent.kind !== 'var' && definition.node.init != null;
    default:
      return false;
  }
}

function isInitialised(scopes: readonly LiveScope[], name: string): boolean {
  const scope = scopes.find(({ variables }) => name in variables);
  if (scope === undefined) return false;
  try {
    Reflect.get(scope.variables, name);
    return true;
  } catch (error) {
    // It is in its dead zone.
    if (error instanceof ReferenceError) return false;
    throw error;
  }
}
