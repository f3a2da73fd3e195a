import { readFileSync } from 'node:fs';

/** The version of the scatter-fn package that runs here. */
export function packageVersion(): string {
  // From src/ in the sources, and from dist/src/ when built.
  const folder = import.meta.url.endsWith('.ts') ? '../' : '../../';
  const file = new URL(`${folder}package.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
