/**
 * Checks the property of `../graphs.test.ts` on COUNT graphs that SEED gives, in FOLDER, and prints a
 * {@link BatchReport}. A process of its own for few graphs: V8 tells a debugger of every script that the
 * process ever loaded, each time it is asked for a new one.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { capture } from '../../../src/capture/index.ts';
import { type EncodedArtifact, encodeArtifact } from '../../../src/registry/artifact-blob.ts';
import { BareIsolate } from './bare-isolate.ts';
import type { BatchReport, Sample } from './batch-report.ts';
import { type Edit, editsOf } from './edit.ts';
import { moduleGraphs } from './generate.ts';
import type { ModuleGraph } from './graph.ts';
import { loadRoot, rootFilesOf, writeGraph } from './program.ts';
import { renderGraph } from './render.ts';

type Captured = ReadonlyMap<string, EncodedArtifact>;

const DEPTH = 4;
const EACH_TWICE = 5;
const EACH_SAMPLED = 20;

const [folder = '', seed = '', count = ''] = process.argv.slice(2);
const isolate = new BareIsolate();
const samples: Sample[] = [];
const counts = { runs: 0, changed: 0, kept: 0 };
let folders = 0;

const cases = moduleGraphs().chain((graph) => editsOf(graph).map((edit) => ({ graph, edit })));
const property = fc.asyncProperty(cases, async ({ graph, edit }) => {
  try {
    await checkGraph(graph, edit);
  } catch (error) {
    throw new Error(`${String(error)}\n${textOf(graph)}`, { cause: error });
  }
});
await fc.assert(property, { numRuns: Number(count), seed: Number(seed), endOnFailure: true });
isolate.dispose();
const report: BatchReport = { ...counts, samples };
process.stdout.write(JSON.stringify(report));

async function checkGraph(graph: ModuleGraph, edit: Edit): Promise<void> {
  const place = freshFolder();
  const before = await captureGraph(graph, place, graph.roots);
  if (counts.runs % EACH_SAMPLED === 0) {
    const digests = [...before].map(([root, { digest }]) => [root, digest]);
    samples.push({
      folder: place,
      roots: rootFilesOf(graph),
      digests: Object.fromEntries(digests),
    });
  }
  if (counts.runs % EACH_TWICE === 0) {
    const again = await captureGraph(graph, freshFolder(), graph.roots.toReversed());
    for (const root of graph.roots) assert.deepEqual(again.get(root), before.get(root));
  }
  const edited = await captureGraph(edit.after, freshFolder(), graph.roots);
  checkEffect(edit, before, edited);
  counts.runs += 1;
  counts.changed += edit.changed.length;
  counts.kept += edit.kept.length;
}

/** Writes, loads and captures; each root gives in an isolate what it gives here. */
async function captureGraph(
  graph: ModuleGraph,
  place: string,
  order: readonly string[],
): Promise<Captured> {
  writeGraph(graph, place);
  const files = rootFilesOf(graph);
  const captured = new Map<string, EncodedArtifact>();
  for (const root of order) {
    const fn = await loadRoot(place, String(files[root]), root);
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

function freshFolder(): string {
  folders += 1;
  return join(folder, `graph${folders}`);
}
