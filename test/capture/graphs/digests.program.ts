/** Prints the digests of the roots of the graphs that are listed in the JSON file that is given. */
import { readFileSync } from 'node:fs';
import { capture } from '../../../src/capture/index.ts';
import { encodeArtifact } from '../../../src/registry/artifact-blob.ts';
import { loadRoot, type RootFiles } from './program.ts';

interface Listed {
  readonly folder: string;
  readonly roots: RootFiles;
}

const listed = JSON.parse(readFileSync(String(process.argv[2]), 'utf8')) as Listed[];
const all: Record<string, string>[] = [];
for (const { folder, roots } of listed) {
  const digests: Record<string, string> = {};
  for (const [root, file] of Object.entries(roots)) {
    const artifact = await capture(await loadRoot(folder, file, root));
    digests[root] = encodeArtifact(artifact).digest;
  }
  all.push(digests);
}
process.stdout.write(JSON.stringify(all));
