import { LIBRARY_GLOBALS, type LibraryName } from './guest/library-globals.ts';
import { type LinkedFiles, linkFiles, siblingUrl, toOneByte } from './guest-source.ts';
import { packageFiles } from './package-files.ts';

/** What a library is made of: files in `guest/libraries/`, in the order of their imports. */
interface LibraryParts {
  readonly files: readonly string[];
  /** What it has beside globals. */
  readonly exports?: readonly string[];
  /** Files of npm packages, as an object literal. */
  readonly packages?: () => string;
}

// Modules that the library `url` has in place of those of the packages.
const NOT_FROM_PACKAGES = [
  'webidl-conversions',
  'whatwg-url/lib/encoding.js',
  '@exodus/bytes/encoding.js',
  '@exodus/bytes/whatwg.js',
  'tr46/index.js',
];

const LIBRARY_PARTS: Readonly<Record<LibraryName, LibraryParts>> = {
  'dom-exception': { files: ['web-interface', 'dom-exception'] },
  encoding: {
    files: ['web-interface', 'code-units', 'text-encoder', 'utf8-decoder', 'text-decoder'],
  },
  base64: { files: ['code-units', 'base64'] },
  events: {
    files: [
      'web-interface',
      'event',
      'custom-event',
      'event-target',
      'event-handler',
      'abort-signal',
      'abort-controller',
    ],
  },
  crypto: { files: ['chacha20', 'random-bytes', 'crypto'] },
  url: {
    files: [
      'web-interface',
      'code-units',
      'text-encoder',
      'utf8-decoder',
      'package-files',
      'require-package',
      'url',
    ],
    packages: () => packageFiles(['whatwg-url/lib/URL.js'], NOT_FROM_PACKAGES),
  },
  fetch: {
    files: [
      'web-interface',
      'code-units',
      'text-encoder',
      'utf8-decoder',
      'headers',
      'body',
      'request',
      'response',
      'fetch',
    ],
  },
  idna: {
    files: ['package-files', 'require-package', 'idna'],
    exports: ['toASCII'],
    packages: () => packageFiles(['whatwg-url/lib/URL.js', 'tr46'], []),
  },
};

/** All libraries, for `guest/libraries.ts`. */
export interface LinkedLibraries {
  /** A script for each, in the order of {@link LIBRARY_GLOBALS}, with a zero between them. */
  readonly text: string;
  /** What they import from the prelude. */
  readonly imports: readonly string[];
}

let linkedLibraries: LinkedLibraries | undefined;

/** Reads the libraries, once in a thread. */
export function linkLibraries(): LinkedLibraries {
  linkedLibraries ??= readLibraries();
  return linkedLibraries;
}

function readLibraries(): LinkedLibraries {
  const libraries = (Object.keys(LIBRARY_GLOBALS) as LibraryName[]).map((name) => {
    const parts = LIBRARY_PARTS[name];
    const linked = linkFiles(parts.files.map((file) => siblingUrl(`./guest/libraries/${file}`)));
    return { imports: linked.imports, script: libraryScript(name, parts, linked) };
  });
  return {
    text: toOneByte(libraries.map(({ script }) => `${script}\0`).join('')),
    imports: [...new Set(libraries.flatMap(({ imports }) => imports))],
  };
}

/** A function of the imports that returns what the library has. The packages' code is not in their scope. */
function libraryScript(name: LibraryName, parts: LibraryParts, linked: LinkedFiles): string {
  const { packages, exports = LIBRARY_GLOBALS[name] } = parts;
  const files = packages === undefined ? '' : `const packageFiles = ${packages()};\n`;
  return `(function () {
"use strict";
${files}return function (imports) {
const { ${linked.imports.join(', ')} } = imports;
${linked.code}
return { __proto__: null, ${exports.join(', ')} };
};
})()
//# sourceURL=scatter:prelude/${name}`;
}
