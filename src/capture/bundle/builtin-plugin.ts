import { builtinModules } from 'node:module';
import type { Plugin } from 'esbuild';

/** Leaves Node's modules where they are, and lets go of those of which nothing is used. */
export function builtinPlugin(): Plugin {
  const names = builtinModules.map((name) => name.replaceAll('/', '\\/')).join('|');
  return {
    name: 'scatter-builtins',
    setup(build) {
      build.onResolve({ filter: new RegExp(`^(?:node:.+|(?:${names}))$`) }, ({ path }) => {
        return { path, external: true, sideEffects: false };
      });
    },
  };
}
