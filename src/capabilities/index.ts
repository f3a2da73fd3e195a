export { type AllowFetchOptions, allowFetch } from './allow-fetch.ts';
export { type ReadOnly, readOnly } from './read-only.ts';
