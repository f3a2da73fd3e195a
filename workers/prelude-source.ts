import { CODEC_FILES, guestSource, siblingUrl } from './guest-source.ts';
import { linkLibraries } from './library-source.ts';

// In the order of their imports; the last one has the function that the worker enters by.
const PRELUDE_FILES = [
  'guest-primordials',
  'entry-call',
  'inbox',
  'outbox',
  'error-report',
  'inspect-value',
  'console',
  'requests',
  'links',
  'capabilities',
  'library-globals',
  'library-imports',
  'libraries',
  'web-fetch',
  'scatter-object',
  'calls',
  'timers',
  'structured-clone',
  'array-buffer',
  'clock',
  'random-seed',
  'dom-error',
  'world',
  'prelude',
];

/** The script that every isolate runs first; its value is `enterGuest`. */
export function preludeSource(): string {
  const files = PRELUDE_FILES.map((name) => siblingUrl(`./guest/${name}`));
  const shared = ['codec/frame-kinds', 'codec/capability-path', 'model/ecmascript-globals'].map(
    (name) => siblingUrl(`../src/${name}`),
  );
  const { imports } = linkLibraries();
  // What `guest/library-imports.ts` declares.
  const lend = `function libraryImports() { return { __proto__: null, ${imports.join(', ')} }; }\n`;
  return guestSource([...CODEC_FILES, ...shared, ...files], 'enterGuest', lend);
}
