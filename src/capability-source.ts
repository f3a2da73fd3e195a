import { CapabilityRefusal } from './capability-failure.ts';
import { findMember } from './capability-member.ts';
import type { Capability, CapabilityCall } from './model/capability.ts';
import { implementationTrouble } from './provide.ts';

type Factory = (call: CapabilityCall) => unknown;

/** A capability as one outermost call has it: what its factory makes is made once. */
export class CapabilitySource {
  readonly capability: Capability;
  readonly #callFor: () => CapabilityCall;
  // In a box: what is made may look like a promise itself.
  #made: Promise<{ readonly implementation: object }> | undefined;

  /** @param callFor what a factory is told; asked for once, if there is a factory */
  constructor(capability: Capability, callFor: () => CapabilityCall) {
    this.capability = capability;
    this.#callFor = callFor;
  }

  /**
   * Calls the function at `path`, at once if there is no factory.
   *
   * @throws CapabilityRefusal `CAPABILITY_MISSING` if there is none, `CONFIG_INVALID` if the factory gave
   * what cannot be used; and whatever it throws
   */
  use(path: readonly string[], args: readonly unknown[]): unknown {
    const { implementation } = this.capability;
    if (typeof implementation !== 'function') return this.#apply(implementation, path, args);
    this.#made ??= this.#make(implementation as Factory);
    return this.#made.then((made) => this.#apply(made.implementation, path, args));
  }

  async #make(factory: Factory): Promise<{ readonly implementation: object }> {
    const implementation = await factory(this.#callFor());
    const { name, methods } = this.capability;
    const trouble = implementationTrouble(implementation, methods);
    if (trouble === undefined) return { implementation: Object(implementation) };
    throw new CapabilityRefusal(
      'SCATTER_ERR_CONFIG_INVALID',
      `what the factory of the capability \`${name}\` gave cannot be used: ${trouble}`,
    );
  }

  #apply(implementation: object, path: readonly string[], args: readonly unknown[]): unknown {
    const member = findMember(implementation, path, this.capability);
    if (member !== undefined) return Reflect.apply(member.fn, member.owner, args);
    const { name } = this.capability;
    const trouble =
      path.length === 0
        ? `is no function itself here; its program provides one as provide('${name}', () => fn)`
        : `has no function \`${path.join('.')}\` here; look at what its program provides`;
    throw new CapabilityRefusal(
      'SCATTER_ERR_CAPABILITY_MISSING',
      `the capability \`${name}\` ${trouble}`,
    );
  }
}
