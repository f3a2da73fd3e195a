/** Capabilities as guests hold them: members that are asynchronous functions, and nothing else. */
import { isCapabilityMember, MAX_CAPABILITY_PATH } from '../../src/codec/capability-path.ts';
import { newArray } from '../../src/codec/own-property.ts';
import { ProxyConstructor } from './guest-primordials.ts';
import { requestCapability } from './requests.ts';

type Members = Record<string, object | undefined>;

const capabilities: Members = { __proto__: null } as never;

/** What an artifact uses in place of the capability that its author captured. */
export function capabilityOf(index: number): object {
  capabilities[index] ??= createMember(index, []);
  return capabilities[index] as object;
}

/**
 * A member of a capability, or the capability itself. What members it has only the host knows: every
 * one that is asked for is there, the same each time, and a call finds out.
 */
function createMember(index: number, path: readonly string[]): object {
  const members: Members = { __proto__: null } as never;
  const handler: ProxyHandler<object> = {
    __proto__: null,
    get: (_target: object, key: string | symbol): object | undefined => {
      if (!isCapabilityMember(key) || path.length === MAX_CAPABILITY_PATH) return undefined;
      members[key] ??= createMember(index, pathTo(path, key));
      return members[key];
    },
    has: (_target: object, key: string | symbol): boolean => isCapabilityMember(key),
    apply: (_target: object, _self: unknown, args: unknown[]): Promise<unknown> =>
      requestCapability(index, path, args),
    // Nothing can be put on it, and nothing of it leads to what it is made of.
    set: refuse,
    defineProperty: refuse,
    deleteProperty: refuse,
    setPrototypeOf: refuse,
    preventExtensions: refuse,
    getPrototypeOf: nothing,
    getOwnPropertyDescriptor: () => undefined,
    ownKeys: () => [],
  } as ProxyHandler<object>;
  // An arrow, which has no `prototype` that would have to be shown.
  return new ProxyConstructor(() => undefined, handler);
}

function pathTo(path: readonly string[], key: string): string[] {
  const length = path.length;
  const longer = newArray(length + 1) as string[];
  for (let i = 0; i < length; i += 1) longer[i] = path[i] as string;
  longer[length] = key;
  return longer;
}

function refuse(): boolean {
  return false;
}

function nothing(): null {
  return null;
}
