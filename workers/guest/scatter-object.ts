import { ObjectFreeze } from './guest-primordials.ts';
import { linkedFunction } from './links.ts';
import { capabilityForGuest } from './web-fetch.ts';

/** What an artifact's factory is given. */
export const scatterObject = ObjectFreeze({
  __proto__: null,
  link: linkedFunction,
  capability: capabilityForGuest,
});
