/** The capability `fetch`, which guests have as the global function of that name and in no other form. */
import { newArray } from '../../src/codec/own-property.ts';
import { capabilityOf } from './capabilities.ts';
import { offerLibrary, useLibrary } from './libraries.ts';
import { requestCapability } from './requests.ts';

let fetchIndex = -1;

/** Gives the guest `fetch` and its classes. `index`: which of its capabilities that is; -1: none. */
export function furnishFetch(index: number): void {
  fetchIndex = index;
  if (index >= 0) offerLibrary('fetch');
}

/** A capability as artifacts have it. */
export function capabilityForGuest(index: number): unknown {
  const isFetch = fetchIndex >= 0 && index === fetchIndex;
  return isFetch ? useLibrary('fetch')['fetch'] : capabilityOf(index);
}

/** Asks the host for what `src/capabilities/wire.ts` describes. */
export function requestFetch(request: object): Promise<unknown> {
  const args = newArray(1);
  args[0] = request;
  return requestCapability(fetchIndex, [], args);
}
