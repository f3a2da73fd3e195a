import { useInScope } from './capability-scope.ts';
import { isCapabilityMember, MAX_CAPABILITY_PATH } from './codec/capability-path.ts';
import {
  type CapabilityLimits,
  checkCapabilityName,
  settleCapabilityLimits,
} from './model/capability.ts';
import { type CapabilityToken, markToken } from './model/capability-token.ts';
import { checkOptionNames } from './option-names.ts';

const OPTIONS = ['maxCalls', 'timeoutMs'];

/**
 * A token for something that the program which runs a function provides, such as a database: use it
 * inside tracked functions as the thing itself. In isolates its functions are asynchronous. In a
 * direct call of a tracked function it is what `withCapabilities` says.
 *
 * @throws ScatterError `CONFIG_INVALID` for a bad name or limit
 */
export function capability<T extends object>(
  name: string,
  limits: Partial<CapabilityLimits> = {},
): T {
  checkOptionNames('capability(name, { * })', limits, OPTIONS);
  const settled = settleCapabilityLimits(limits);
  return createMember({ name: checkCapabilityName(name), limits: settled, path: [] }) as T;
}

function createMember(token: CapabilityToken): object {
  const { name, path } = token;
  const members = new Map<string, object>();
  const target = (): undefined => undefined;
  Object.defineProperty(target, 'name', { value: `capability ${[name, ...path].join('.')}` });
  const member = new Proxy(target, {
    get(_target, key) {
      if (!isCapabilityMember(key) || path.length === MAX_CAPABILITY_PATH) return undefined;
      const known = members.get(key) ?? createMember({ ...token, path: [...path, key] });
      members.set(key, known);
      return known;
    },
    has: (_target, key) => isCapabilityMember(key),
    apply: (_target, _self, args) => useInScope(name, path, args),
    // A fake belongs into withCapabilities(): what is set on a token would be there for everybody.
    set: () => false,
    defineProperty: () => false,
    deleteProperty: () => false,
  });
  markToken(member, token);
  return member;
}
