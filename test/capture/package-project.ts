import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';

/** A folder of its own with these files, by their paths; gone after the tests of the file. */
export function projectWith(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'scatter-project-')));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const all = { 'package.json': '{ "name": "project" }', ...files };
  for (const [name, text] of Object.entries(all)) writeIn(folder, name, text);
  return folder;
}

export function writeIn(folder: string, name: string, text: string): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
