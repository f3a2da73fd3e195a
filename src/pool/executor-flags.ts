import { fileURLToPath } from 'node:url';
import { PACKAGE_ROOT, SOURCES, WORKERS } from './module-url.ts';
import { OWN_SETTINGS } from './own-settings.ts';
import { packageFolders } from './package-folders.ts';

const LIBRARIES = ['piscina', 'isolated-vm', 'whatwg-url'];
// By these, native libraries tell which C library there is.
const SYSTEM_FILES = ['/etc/alpine-release', '/usr/bin/ldd'];

/**
 * Node's flags for an executor: it may read what it loads, write its own settings, and nothing else. A seat
 * belt, not a wall: Node says itself that native addons, of which isolated-vm is one, are beyond it.
 */
export function executorFlags(): string[] {
  const root = fileURLToPath(PACKAGE_ROOT);
  const own = [SOURCES, WORKERS, new URL('package.json', PACKAGE_ROOT)];
  const readable = [
    ...own.map((place) => fileURLToPath(place)),
    ...packageFolders(LIBRARIES, root),
    ...SYSTEM_FILES,
  ];
  return [
    // What is left on stderr then tells of a crash.
    '--no-warnings',
    '--permission',
    '--allow-addons',
    '--allow-worker',
    ...readable.map((folder) => `--allow-fs-read=${folder}`),
    ...OWN_SETTINGS.map((file) => `--allow-fs-write=${file}`),
  ];
}
