export { type AllowFetchOptions, allowFetch } from './allow-fetch.ts';
export { type ReadOnly, readOnly } from './read-only.ts';
export type { FetchAnswer, FetchRequest, HeaderList } from './wire.ts';
