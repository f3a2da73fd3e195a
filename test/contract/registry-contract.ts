/** What every registry does, whatever it keeps its functions in. */
import { describe } from 'node:test';
import type { Registry } from '../../src/registry/registry.ts';
import { fleetSuite } from './fleet-contract.ts';
import { followerSuite } from './follower-contract.ts';
import { moveSuite } from './move-contract.ts';
import { pushSuite } from './push-contract.ts';
import { removalSuite } from './removal-contract.ts';
import { storeSuite } from './store-contract.ts';

/** A store of its own for one test. */
export interface RegistryStore {
  /** Another connection to the same store; without a namespace, to the one called `default`. */
  open(namespace?: string): Promise<Registry>;
  /** Closes what `open` gave and removes the store. */
  dispose(): Promise<void>;
}

export type UseStore = (test: (store: RegistryStore) => Promise<void>) => () => Promise<void>;

/** Runs the whole suite; `makeStore` gives an empty store each time. */
export function registryContract(name: string, makeStore: () => Promise<RegistryStore>): void {
  const withStore: UseStore = (test) => async () => {
    const store = await makeStore();
    try {
      await test(store);
    } finally {
      await store.dispose();
    }
  };
  describe(`${name} registry`, () => {
    storeSuite(withStore);
    pushSuite(withStore);
    moveSuite(withStore);
    removalSuite(withStore);
    followerSuite(withStore);
    fleetSuite(withStore);
  });
}
