/** Names of hosts that are not ASCII (Unicode Technical Standard #46), by the package `tr46`. */
import { requirePackage } from './require-package.ts';

export const { toASCII } = requirePackage('tr46/index.js', {}) as {
  toASCII(domain: string, options: object): string | null;
};
