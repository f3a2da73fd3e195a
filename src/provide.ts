import { isOpen } from './capability-member.ts';
import { isCapabilityMember } from './codec/capability-path.ts';
import { ScatterError } from './errors.ts';
import {
  Capability,
  type CapabilityFactory,
  checkCapabilityName,
  type Implementation,
  settleCapabilityLimits,
} from './model/capability.ts';
import { tokenOf } from './model/capability-token.ts';
import { checkOptionNames } from './option-names.ts';
import { rememberProvided } from './provided-objects.ts';

export interface ProvideOptions {
  /** The functions of a class instance that cross; nothing else of it does. */
  readonly methods?: readonly string[];
  /**
   * Names of the functions that may use it, with `*` for any text, as in `billing/*`.
   *
   * @default all
   */
  readonly allow?: readonly string[];
}

/** What `provide` takes for a token of type `T`: a function is a factory, whatever `T` is. */
export type Provided<T> = T extends (...args: never[]) => unknown
  ? CapabilityFactory<T>
  : Implementation<T> | CapabilityFactory<T>;

const OPTIONS = ['methods', 'allow'];

/**
 * Says what a capability is in this program: an object of functions, nested if you like, a class
 * instance with the `methods` that may cross, or a factory, which is called once for each call that
 * uses it. A function is always taken for a factory: give one that is the capability itself as
 * `() => fn`.
 *
 * @throws ScatterError `CONFIG_INVALID`
 */
export function provide<T extends object>(
  token: T,
  implementation: Provided<NoInfer<T>>,
  options?: ProvideOptions,
): Capability;
export function provide(
  name: string,
  implementation: object | CapabilityFactory<object>,
  options?: ProvideOptions,
): Capability;
export function provide(
  tokenOrName: object | string,
  implementation: object,
  options: ProvideOptions = {},
): Capability {
  checkOptionNames('provide(token, …, { * })', options, OPTIONS);
  const token = tokenOf(tokenOrName);
  const name = checkCapabilityName(token?.path.length === 0 ? token.name : tokenOrName);
  const methods = options.methods && checkNames(name, 'methods', options.methods);
  const capability = new Capability({
    name,
    limits: token?.limits ?? settleCapabilityLimits(),
    implementation,
    methods,
    allow: options.allow && checkNames(name, 'allow', options.allow),
  });
  if (typeof implementation !== 'function') {
    const trouble = implementationTrouble(implementation, methods);
    if (trouble !== undefined) throw invalid(name, trouble);
  }
  rememberProvided(capability);
  return capability;
}

/** Why no guest could use what was given, or what a factory made; undefined if one can. */
export function implementationTrouble(
  implementation: unknown,
  methods: readonly string[] | undefined,
): string | undefined {
  if (implementation === null || !/^(object|function)$/.test(typeof implementation)) {
    const shown = implementation === null ? 'null' : `a value of type ${typeof implementation}`;
    return `it is ${shown}; give an object of functions, or () => fn for what is a function itself`;
  }
  if (methods === undefined) {
    if (isOpen(implementation)) return undefined;
    return "it is an instance of a class; say what of it may cross: { methods: ['query'] }";
  }
  const missing = methods.find((method) => !isMethod(implementation, method));
  if (missing === undefined) return undefined;
  return `its method \`${missing}\` is no function that can cross; correct \`methods\``;
}

function isMethod(implementation: unknown, name: string): boolean {
  if (!isCapabilityMember(name)) return false;
  return typeof Reflect.get(Object(implementation), name) === 'function';
}

function checkNames(name: string, option: string, names: unknown): readonly string[] {
  if (Array.isArray(names) && names.every((one) => typeof one === 'string')) return [...names];
  throw invalid(name, `\`${option}\` is no list of names; write { ${option}: ['…'] }`);
}

function invalid(name: string, trouble: string): ScatterError {
  return new ScatterError(
    'SCATTER_ERR_CONFIG_INVALID',
    `the capability \`${name}\` cannot be provided: ${trouble}`,
    { capability: name },
  );
}
