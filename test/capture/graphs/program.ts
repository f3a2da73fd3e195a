import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AnyFunction } from '../../../src/model/function-type.ts';
import { homeOf, type ModuleGraph } from './graph.ts';
import { renderGraph } from './render.ts';

/** Where each root of a graph is exported: name to file. */
export type RootFiles = Readonly<Record<string, string>>;

export function rootFilesOf(graph: ModuleGraph): RootFiles {
  return Object.fromEntries(graph.roots.map((root) => [root, homeOf(graph, root).file]));
}

/** Writes the files of a graph into a folder that does not exist yet. */
export function writeGraph(graph: ModuleGraph, folder: string): void {
  mkdirSync(folder);
  for (const [file, text] of renderGraph(graph)) writeFileSync(join(folder, file), text);
}

/** The live function of a root; every file of the folder is loaded once. */
export async function loadRoot(folder: string, file: string, root: string): Promise<AnyFunction> {
  const path = join(folder, file);
  const exported: unknown = file.endsWith('.cjs')
    ? createRequire(path)(path)
    : await import(pathToFileURL(path).href);
  const fn = (exported as Record<string, AnyFunction | undefined>)[root];
  if (fn === undefined) throw new Error(`${file} does not export ${root}`);
  return fn;
}
