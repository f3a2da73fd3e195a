import { globSync } from 'node:fs';
import { join } from 'node:path';
import { encodeArtifact } from '../../../src/registry/artifact-blob.ts';
import {
  type CacheOptions,
  type OpenedCache,
  openCache,
} from '../../../src/registry/cache/open-cached.ts';
import { openMemory } from '../../../src/registry/memory.ts';
import type { Registry } from '../../../src/registry/registry.ts';
import { withFolder } from '../temporary-folder.ts';
import { type SwitchedRegistry, switched } from './switched-registry.ts';

/** A registry that can be switched off, and programs that start on it with a cache. */
export interface Place {
  /** Of the caches. */
  readonly folder: string;
  readonly registry: SwitchedRegistry;
  /** Another registry, with the same folder for caches. */
  other(o: { readonly url?: string; readonly namespace?: string }): Promise<Place>;
  /** A program that begins: with the same folder it finds what others left. */
  start(options?: Partial<CacheOptions>): Promise<Program>;
}

interface Program extends OpenedCache {
  readonly away: unknown[];
  readonly back: Date[];
  /** Where there was trouble. */
  readonly trouble: string[];
  /** What loading a function reads. */
  load(name: string, version?: number): Promise<void>;
  /** Ends it; the registry stays. */
  end(): Promise<void>;
}

/** Gives a test a registry and a folder for caches; programs that it starts are ended after it. */
export function withPlace(test: (place: Place) => Promise<void>): () => Promise<void> {
  return withFolder(async (folder) => {
    const programs: Program[] = [];
    try {
      await test(await openPlace(folder, programs));
    } finally {
      for (const program of programs) await program.end();
    }
  });
}

/** @param programs gets those that are started */
async function openPlace(
  folder: string,
  programs: Program[],
  { url, namespace = 'default' }: { url?: string; namespace?: string } = {},
): Promise<Place> {
  const registry = switched(await openMemory(url, namespace));
  const start = async (options?: Partial<CacheOptions>): Promise<Program> => {
    const program = await startProgram(registry, { folder, ...options });
    programs.push(program);
    return program;
  };
  return { folder, registry, start, other: (o) => openPlace(folder, programs, o) };
}

async function startProgram(registry: Registry, options: Partial<CacheOptions>): Promise<Program> {
  const told = { away: [] as unknown[], back: [] as Date[], trouble: [] as string[] };
  const opened = await openCache(
    registry,
    { folder: undefined, snapshot: undefined, ...options },
    {
      onAway: (_since, error) => told.away.push(error),
      onBack: (since) => told.back.push(since),
      onTrouble: (_error, place) => told.trouble.push(place),
    },
  );
  const { known } = opened;
  const load = async (name: string, version?: number): Promise<void> => {
    await known.head();
    const record = await known.find(name);
    const info = await known.version(name, version ?? record?.latest ?? 0);
    if (info !== undefined) await known.artifact(info.digest);
  };
  // Closing it closes the registry, too; what is asked while it is closed does not matter here.
  const end = () => opened.registry.flush();
  return { ...opened, ...told, load, end };
}

/** Pushes `() => value` as the next version. @returns its digest */
export async function pushValue(
  registry: Registry,
  name: string,
  value: number,
  links: readonly string[] = [],
): Promise<string> {
  const code = `() => () => ${value}`;
  const origin = { source: code, map: '', captured: [] };
  const item = { ...encodeArtifact({ format: 1, code, links, requires: [], origin }), name };
  const items = [{ ...item, requires: [], format: 1 }];
  const id = `${name} as ${value} ${Math.random()}`;
  await registry.push({ id, items, updateExisting: true, author: 'test' });
  return item.digest;
}

/** Files of a cache. @param part `functions`, `versions`, `artifacts`, or a pattern */
export function cacheFiles(folder: string, part = '**'): string[] {
  return globSync(`*/${part}/*`, { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
