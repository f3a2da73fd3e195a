import { declareCapabilities } from './declared-capabilities.ts';
import { checkCapabilityName } from './model/capability.ts';

/** A capability by its name, by its token, or as `provide()` gave it. */
export type NamedCapability = string | object;

/** @throws ScatterError `CONFIG_INVALID` for what is no capability */
export function capabilityNames(given: readonly NamedCapability[], where: string): string[] {
  return given.flatMap((one) =>
    typeof one === 'string' ? [checkCapabilityName(one)] : declareCapabilities([one], where).names,
  );
}
