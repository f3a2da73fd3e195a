import { ScatterError } from '../../../src/errors.ts';
import type { Registry } from '../../../src/registry/registry.ts';

/** A registry with a switch: a fault that the stores of these tests cannot be made to have. */
export interface SwitchedRegistry extends Registry {
  /** Whatever is asked from now on fails with this, or never settles. */
  fail(how: ScatterError | 'never'): void;
  /** Another one takes its place, but for who watches the old one. */
  replace(by: Registry): void;
  /** It is as it was. */
  heal(): void;
  /** How often it was asked for anything. */
  readonly asked: number;
}

export function unreachable(): ScatterError {
  return new ScatterError('SCATTER_ERR_REGISTRY_UNREACHABLE', 'the test cut the connection');
}

export function switched(first: Registry): SwitchedRegistry {
  let registry = first;
  let fault: ScatterError | 'never' | undefined;
  let asked = 0;
  const added = {
    fail(how: ScatterError | 'never') {
      fault = how;
    },
    replace(by: Registry) {
      registry = by;
    },
    heal() {
      fault = undefined;
    },
    get asked() {
      return asked;
    },
  };
  const ask = (method: (...args: unknown[]) => unknown, args: unknown[]): unknown => {
    asked += 1;
    if (fault === 'never') return new Promise(() => undefined);
    return fault === undefined ? Reflect.apply(method, registry, args) : Promise.reject(fault);
  };
  return new Proxy(first, {
    get(_target, property) {
      if (property in added) return Reflect.get(added, property);
      const value: unknown = Reflect.get(registry, property, registry);
      if (typeof value !== 'function') return value;
      if (property === 'watch' || property === 'close') return value.bind(registry);
      return (...args: unknown[]) => ask(value as (...given: unknown[]) => unknown, args);
    },
  }) as SwitchedRegistry;
}
