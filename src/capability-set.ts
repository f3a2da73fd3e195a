import { ScatterError } from './errors.ts';
import { allowsFunction, Capability } from './model/capability.ts';
import { FETCH_CAPABILITY } from './model/fetch-capability.ts';
import type { GuestFunction } from './model/guest-function.ts';

/** What is given to functions, by name. */
export type CapabilitySet = ReadonlyMap<string, Capability>;

export const NO_CAPABILITIES: CapabilitySet = new Map();

/**
 * Lays `given` over `base`: the nearest wins.
 *
 * @param where how to show the option, such as `with({ capabilities })`
 * @throws ScatterError `CONFIG_INVALID` for what `provide` did not make, or one name twice
 */
export function layCapabilities(
  base: CapabilitySet,
  given: readonly Capability[] | undefined,
  where: string,
): CapabilitySet {
  if (given === undefined) return base;
  const list = checkCapabilities(given, where);
  const names = list.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalid(where, `\`${twice}\` is in it twice; leave one out`);
  if (list.length === 0) return base;
  return new Map([...base, ...list.map((one) => [one.name, one] as const)]);
}

/** @throws ScatterError `CAPABILITY_MISSING` if the function needs what `given` does not give it */
export function checkProvided(target: GuestFunction, given: CapabilitySet): void {
  for (const name of target.artifact.requires) {
    const capability = given.get(name);
    if (capability === undefined) throw missing(target, name, 'does not provide');
    if (!allowsFunction(capability, target.name)) throw missing(target, name, 'does not allow');
  }
}

function missing(
  target: GuestFunction,
  capability: string,
  why: 'does not provide' | 'does not allow',
): ScatterError {
  const advice =
    why === 'does not allow'
      ? `add \`${target.name}\` to the \`allow\` of provide('${capability}', …)`
      : `give { capabilities: [${provision(capability)}] } to init() or get()`;
  const whom = why === 'does not allow' ? ' it' : '';
  return new ScatterError(
    'SCATTER_ERR_CAPABILITY_MISSING',
    `\`${target.name}@${target.version}\` needs the capability \`${capability}\`, which this program ` +
      `${why}${whom}; ${advice}`,
    { function: target.name, version: target.version, capability },
  );
}

function provision(capability: string): string {
  if (capability !== FETCH_CAPABILITY) return `provide('${capability}', …)`;
  return "allowFetch({ hosts: […] }) of 'scatter-fn/capabilities'";
}

function checkCapabilities(given: unknown, where: string): readonly Capability[] {
  if (Array.isArray(given) && given.every((one) => one instanceof Capability)) return given;
  throw invalid(where, 'it must be a list of what provide() gives: [provide(token, …)]');
}

function invalid(where: string, trouble: string): ScatterError {
  return new ScatterError('SCATTER_ERR_CONFIG_INVALID', `${where} is wrong: ${trouble}`);
}
