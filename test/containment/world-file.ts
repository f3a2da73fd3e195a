import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** The list for Node 24. What another major version has in another way is in a file of its own. */
const BASE_MAJOR = 24;
const MAJOR = Number(process.versions.node.split('.')[0]);
const BASE = new URL('guest-world.txt', import.meta.url);
const DIFFERENCES = new URL(`guest-world-node-${MAJOR}.txt`, import.meta.url);

/** The lines that are expected of this version of Node. */
export function readWorld(): string[] {
  const lines = new Set(linesOf(BASE));
  if (MAJOR === BASE_MAJOR) return [...lines];
  for (const line of linesOf(DIFFERENCES)) {
    if (line.startsWith('- ')) lines.delete(line.slice(2));
    else lines.add(line.slice(2));
  }
  return [...lines].sort();
}

/** Makes `lines` what is expected; the base before the differences from it. */
export function writeWorld(lines: readonly string[]): void {
  const isBase = MAJOR === BASE_MAJOR;
  const changed = isBase ? lines : differences(linesOf(BASE), lines);
  writeFileSync(isBase ? BASE : DIFFERENCES, `${changed.join('\n')}\n`);
}

/** Lines of one list only, marked with `-` for the first and `+` for the second. */
export function differences(first: readonly string[], second: readonly string[]): string[] {
  const [before, after] = [new Set(first), new Set(second)];
  return [
    ...first.filter((line) => !after.has(line)).map((line) => `- ${line}`),
    ...second.filter((line) => !before.has(line)).map((line) => `+ ${line}`),
  ];
}

function linesOf(file: URL): string[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8').split('\n').filter(Boolean);
}
