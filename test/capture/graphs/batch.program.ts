/**
 * Checks the property of `../graphs.test.ts` on COUNT graphs that SEED gives, in FOLDER, and prints a
 * {@link BatchReport}.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { capture } from '../../../src/capture/index.ts';
import type { AnyFunction } from '../../../src/model/function-type.ts';
import { type EncodedArtifact, encodeArtifact } from '../../../src/registry/artifact-blob.ts';
import { BareIsolate } from './bare-isolate.ts';
import type { BatchReport, Sample } from './batch-report.ts';
import { type Edit, editsOf } from './edit.ts';
import { moduleGraphs } from './generate.ts';
import type { ModuleGraph } from './graph.ts';
import { loadRoot, rootFilesOf, writeGraph } from './program.ts';
import { renderGraph } from './render.ts';

/** One way in which a graph stands on the disk, and its live roots. */
interface Copy {
  readonly folder: string;
  readonly roots: ReadonlyMap<string, AnyFunction>;
}

/** A graph, the same again elsewhere (of some), and the same after the edit. */
interface Trial {
  readonly index: number;
  readonly graph: ModuleGraph;
  readonly edit: Edit;
  readonly before: Copy;
  readonly again: Copy | undefined;
  readonly after: Copy;
}

type Captured = ReadonlyMap<string, EncodedArtifact>;

const DEPTH = 4;
const EACH_TWICE = 5;
const EACH_SAMPLED = 20;

const [folder = '', seed = '', count = ''] = process.argv.slice(2);
const isolate = new BareIsolate();
const samples: Sample[] = [];
let changed = 0;
let kept = 0;

const cases = moduleGraphs().chain((graph) => editsOf(graph).map((edit) => ({ graph, edit })));
const trials: Trial[] = [];
for (const { graph, edit } of fc.sample(cases, { seed: Number(seed), numRuns: Number(count) })) {
  trials.push(await prepare(graph, edit, trials.length));
}
await readAllFiles();
for (const trial of trials) await check(trial);
isolate.dispose();
const report: BatchReport = { runs: trials.length, changed, kept, samples };
process.stdout.write(JSON.stringify(report));

async function prepare(graph: ModuleGraph, edit: Edit, index: number): Promise<Trial> {
  const isTwice = index % EACH_TWICE === 0;
  return {
    index,
    graph,
    edit,
    before: await makeCopy(graph, `${index}-before`),
    again: isTwice ? await makeCopy(graph, `${index}-again`) : undefined,
    after: await makeCopy(edit.after, `${index}-after`),
  };
}

async function makeCopy(graph: ModuleGraph, name: string): Promise<Copy> {
  const place = join(folder, name);
  writeGraph(graph, place);
  const roots = new Map<string, AnyFunction>();
  for (const [root, file] of Object.entries(rootFilesOf(graph))) {
    roots.set(root, await loadRoot(place, file, root));
  }
  return { folder: place, roots };
}

/**
 * A capture that meets a new file has V8 tell it of every script there is. Meeting all of them in one
 * capture saves most of the time that the others would take.
 */
async function readAllFiles(): Promise<void> {
  const copies = trials.flatMap(({ before, again, after }) => [before, after, again ?? before]);
  const roots = copies.flatMap((copy) => [...copy.roots.values()]);
  await capture(() => roots);
}

async function check({ index, graph, edit, before, again, after }: Trial): Promise<void> {
  try {
    const first = await captureAll(before, graph.roots);
    if (again !== undefined) {
      const second = await captureAll(again, graph.roots.toReversed());
      for (const root of graph.roots) assert.deepEqual(second.get(root), first.get(root));
    }
    checkEffect(edit, first, await captureAll(after, graph.roots));
    changed += edit.changed.length;
    kept += edit.kept.length;
    if (index % EACH_SAMPLED === 0) {
      const digests = [...first].map(([root, { digest }]) => [root, digest]);
      const roots = rootFilesOf(graph);
      samples.push({ folder: before.folder, roots, digests: Object.fromEntries(digests) });
    }
  } catch (error) {
    throw new Error(`${edit.what}: ${String(error)}\n${textOf(graph)}`, { cause: error });
  }
}

/** Each root gives in an isolate what it gives here. */
async function captureAll({ roots }: Copy, order: readonly string[]): Promise<Captured> {
  const captured = new Map<string, EncodedArtifact>();
  for (const root of order) {
    const fn = roots.get(root);
    assert.ok(fn !== undefined);
    const artifact = await capture(fn);
    assert.equal(isolate.call(artifact.code, DEPTH), fn(DEPTH as never), root);
    captured.set(root, encodeArtifact(artifact));
  }
  return captured;
}

function checkEffect({ what, changed, kept }: Edit, before: Captured, after: Captured): void {
  const isSame = (root: string): boolean => before.get(root)?.digest === after.get(root)?.digest;
  for (const root of changed) {
    assert.ok(!isSame(root), `${root} reaches what was edited (${what}) and has the same digest`);
  }
  for (const root of kept) {
    assert.ok(
      isSame(root),
      `${root} does not reach what was edited (${what}), yet has another digest`,
    );
  }
}

function textOf(graph: ModuleGraph): string {
  return [...renderGraph(graph)].map(([file, text]) => `// ${file}\n${text}`).join('\n');
}
