/** What crosses between a guest's `fetch` and this program; `workers/guest/libraries/fetch.ts` has the other end. */

export type HeaderList = readonly (readonly [name: string, value: string])[];

/** A request as guests send it; nothing in it is trusted before `checkRequest` was there. */
export interface FetchRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: HeaderList;
  readonly body?: Uint8Array;
  readonly redirect: 'follow' | 'error' | 'manual';
}

export interface FetchAnswer {
  /** Of the last request, without the fragment. */
  readonly url: string;
  readonly status: number;
  readonly statusText: string;
  readonly headers: HeaderList;
  /** Decoded, whatever Content-Encoding says. */
  readonly body: Uint8Array;
  /** Whether a redirect was followed. */
  readonly redirected: boolean;
}
