import { CODEC_FILES, guestSource } from './guest-source.ts';

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
  'scatter-object',
  'calls',
  'timers',
  'structured-clone',
  'world',
  'prelude',
];

/** The script that every isolate runs first; its value is `enterGuest`. */
export function preludeSource(): string {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const files = PRELUDE_FILES.map(
    (name) => new URL(`./guest/${name}.${extension}`, import.meta.url),
  );
  const shared = ['frame-kinds', 'capability-path'].map(
    (name) => new URL(`../src/codec/${name}.${extension}`, import.meta.url),
  );
  return guestSource([...CODEC_FILES, ...shared, ...files], 'enterGuest');
}
