import type { Emission } from '../emit/emit.ts';
import type { MappedText } from '../emit/piece.ts';
import { refuse } from '../refusal/refusal.ts';
import type { Graph, PackageNode } from '../walk/graph.ts';
import { bundlePackages } from './bundle.ts';
import { BundleProblem } from './bundle-problem.ts';

/**
 * The packages that a function reaches, in one expression; undefined if it reaches none.
 *
 * @throws Refusal for what cannot run in an isolate
 */
export async function bundleOf(
  { nodes }: Graph,
  { imports }: Emission,
): Promise<MappedText | undefined> {
  if (imports.length === 0) return undefined;
  try {
    const { code, map } = await bundlePackages(imports);
    return { text: code, map };
  } catch (error) {
    if (!(error instanceof BundleProblem)) throw error;
    const packages = nodes.filter((node): node is PackageNode => node.kind === 'package');
    const culprit = packages.find((node) => concerns(error, node)) ?? packages[0];
    if (culprit === undefined) throw error;
    refuse(error.message, error.fix, culprit.trail, error);
  }
}

function concerns({ packageName, specifier }: BundleProblem, { from }: PackageNode): boolean {
  if (from.specifier === specifier) return true;
  if (packageName === undefined) return false;
  const path = from.specifier.replaceAll('\\', '/');
  return (
    path === packageName ||
    path.startsWith(`${packageName}/`) ||
    path.includes(`/node_modules/${packageName}/`)
  );
}
