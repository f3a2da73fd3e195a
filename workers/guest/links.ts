/** Other functions, called through the host. */
import { requestLink } from './requests.ts';

/** What an artifact uses in place of the handle that its author captured. */
export function linkedFunction(index: number): (...args: unknown[]) => Promise<unknown> {
  return function linked(...args: unknown[]): Promise<unknown> {
    return requestLink(index, args);
  };
}
