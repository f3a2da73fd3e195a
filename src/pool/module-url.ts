// The one place that knows that sources are `.ts` here and built `.js`, one folder deeper, when published.
const IS_SOURCE = import.meta.url.endsWith('.ts');
const EXTENSION = IS_SOURCE ? '.ts' : '.js';

/** The folder with package.json. */
export const PACKAGE_ROOT = new URL(IS_SOURCE ? '../../' : '../../../', import.meta.url);
/** The folder of everything here. */
export const SOURCES = new URL('../', import.meta.url);
/** The folder of what worker threads run. */
export const WORKERS = new URL('../../workers/', import.meta.url);
/** What the executor process runs first. */
export const EXECUTOR_MAIN = new URL(`./executor-main${EXTENSION}`, import.meta.url);
/** What each of its worker threads runs. */
export const WORKER_SERVE = new URL(`serve${EXTENSION}`, WORKERS);
