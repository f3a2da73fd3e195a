/** Prints the digest of every row that travels, in the order that is asked for: `forward` or `reversed`. */
import { capture } from '../../src/capture/index.ts';
import { encodeArtifact } from '../../src/registry/artifact-blob.ts';
import { travellingTables } from './cases.ts';

const tables = await travellingTables();
const rows = tables.flatMap(({ file, rows }) =>
  Object.entries(rows).map(([title, [fn]]) => ({ key: `${file}: ${title}`, fn })),
);
if (process.argv[2] === 'reversed') rows.reverse();
const digests: Record<string, string> = {};
for (const { key, fn } of rows) digests[key] = await digestOf(fn);
process.stdout.write(JSON.stringify(digests));

async function digestOf(fn: Parameters<typeof capture>[0]): Promise<string> {
  try {
    return encodeArtifact(await capture(fn)).digest;
  } catch (error) {
    return String(error);
  }
}
