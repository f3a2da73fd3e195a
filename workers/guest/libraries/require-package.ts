import { packageFiles } from './package-files.ts';

// Guests have no shared memory; a package that looks for it finds none.
const NO_SHARED_MEMORY = {
  prototype: {
    get byteLength(): never {
      throw new TypeError('this is no SharedArrayBuffer');
    },
  },
};

/**
 * Runs a file of a package and what it requires, each once, as Node runs CommonJS modules.
 *
 * @param made modules by their ids: those to use in place of files, and those that ran already
 */
export function requirePackage(id: string, made: Record<string, { exports: unknown }>): unknown {
  const ready = made[id];
  if (ready !== undefined) return ready.exports;
  const module: { exports: unknown } = { exports: {} };
  made[id] = module;
  packageFiles[id]?.(
    module,
    module.exports,
    (other) => requirePackage(other, made),
    NO_SHARED_MEMORY,
  );
  return module.exports;
}
