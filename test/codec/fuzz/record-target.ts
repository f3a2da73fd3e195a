import { zstdCompressSync } from 'node:zlib';
import { Packr, Unpackr } from 'msgpackr';
import { isScatterError } from '../../../src/errors.ts';
import { ARTIFACT_FORMAT, type Artifact } from '../../../src/model/artifact.ts';
import { decodeArtifact, encodeArtifact } from '../../../src/registry/artifact-blob.ts';
import { isPlainRecord } from '../../../src/registry/record-scan.ts';
import { makeFrame } from './codec-target.ts';
import { hostileSeed } from './hostile-seeds.ts';
import { mutate } from './mutate.ts';
import { checkPlain, type TypeCounts } from './plain-value.ts';
import type { Random } from './random.ts';
import type { Target } from './target.ts';
import { randomText } from './texts.ts';
import { demand } from './violation.ts';

const packr = new Packr({ useRecords: false });
const CODES = ['SCATTER_ERR_REGISTRY_CORRUPT', 'SCATTER_ERR_FORMAT_UNSUPPORTED'] as const;
// Signed 32-bit numbers and floats would be a record's that msgpackr never writes for an artifact.
const TYPES: readonly string[] = ['Object', 'Array', 'string', 'number'];

/** Artifacts as a registry stores them. */
export const RECORD: Target = {
  name: 'records of registries',
  share: 20,
  make: (random) => {
    const record = wellFormed(random);
    return random.oneIn(6) ? record : mutate(record, random, () => wellFormed(random));
  },
  run: (frame, random, probe) => {
    const isPlain = probe.measure(() => isPlainRecord(frame));
    if (isPlain) checkUnpacked(frame, probe.measure, probe.types);
    const refusal = decodeBlob(blobOf(frame, random));
    demand(isPlain || refusal !== undefined, 'a record that the scanner refuses was taken');
    return refusal ?? 'passed';
  },
};

function checkUnpacked(frame: Buffer, measure: <T>(read: () => T) => T, types: TypeCounts): void {
  const met: TypeCounts = new Map();
  const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true });
  checkPlain(
    measure(() => unpackr.unpack(frame)),
    met,
  );
  for (const [type, count] of met) {
    demand(TYPES.includes(type), `a record has a ${type}`);
    types.set(type, (types.get(type) ?? 0) + count);
  }
}

function blobOf(record: Buffer, random: Random): Buffer {
  const format = random.oneIn(30) ? random.below(256) : ARTIFACT_FORMAT;
  const compressed = random.oneIn(30) ? record : zstdCompressSync(record);
  return Buffer.concat([Uint8Array.of(format), compressed]);
}

/** Why the blob is refused, if it is. */
function decodeBlob(blob: Buffer): string | undefined {
  try {
    decodeArtifact(blob, '0'.repeat(64));
  } catch (error) {
    demand(isScatterError(error), `not refused but thrown: ${String(error)}`);
    demand(
      CODES.some((code) => code === error.code),
      `refused with ${error.code}`,
    );
    const trouble = /pushed: (.*);/.exec(error.message)?.[1] ?? error.code;
    // A digest of zeros is no artifact's: the content was read whole and is one.
    return trouble.startsWith('its content has') ? undefined : trouble;
  }
  return 'an artifact without a digest of its own';
}

function wellFormed(random: Random): Buffer {
  if (random.oneIn(10)) return hostileSeed(random);
  if (random.oneIn(10)) return makeFrame(random);
  const artifact = randomArtifact(random);
  if (random.oneIn(50)) encodeArtifact(artifact);
  return Buffer.from(packr.pack(artifact));
}

function randomArtifact(random: Random): Artifact {
  const texts = (): string[] => Array.from({ length: random.length(20) }, () => plain(random));
  const captured = texts().map((name) => {
    return { name, usedBy: plain(random), kind: 'number', bytes: 1 + random.below(70_000) };
  });
  return {
    format: ARTIFACT_FORMAT,
    code: plain(random),
    links: texts(),
    requires: texts(),
    origin: { source: plain(random), map: plain(random), captured },
  };
}

function plain(random: Random): string {
  return randomText(random).toWellFormed();
}
