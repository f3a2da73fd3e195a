// The one place that knows that sources are `.ts` here and built `.js` when published.
const EXTENSION = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

/** What the executor process runs first. */
export const EXECUTOR_MAIN = new URL(`./executor-main${EXTENSION}`, import.meta.url);
/** What each of its worker threads runs. */
export const WORKER_SERVE = new URL(`../../workers/serve${EXTENSION}`, import.meta.url);
