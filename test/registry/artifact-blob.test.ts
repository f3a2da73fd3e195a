import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { Packr } from 'msgpackr';
import { isScatterError } from '../../src/errors.ts';
import { ARTIFACT_FORMAT, type Artifact } from '../../src/model/artifact.ts';
import {
  decodeArtifact,
  decodeArtifactInSteps,
  encodeArtifact,
  MAX_ARTIFACT_BYTES,
} from '../../src/registry/artifact-blob.ts';

const ARTIFACT: Artifact = {
  format: ARTIFACT_FORMAT,
  code: '($scatter) => (a, b) => a + b // żółć 🙂',
  links: ['sub', 'mul@3'],
  requires: ['db', 'billing/read'],
  origin: {
    source: 'function add(a, b) {\n  return a + b;\n}',
    map: '{"version":3,"sources":["src/a.ts"],"names":[],"mappings":"AAAA"}',
    captured: [{ name: 'rate', usedBy: 'add', kind: 'number', bytes: 4 }],
  },
};

describe('artifact blob', () => {
  it('decodes to what was encoded', () => {
    const { digest, blob, bytes } = encodeArtifact(ARTIFACT);
    assert.deepEqual(decodeArtifact(blob, digest), ARTIFACT);
    assert.match(digest, /^[0-9a-f]{64}$/);
    assert.ok(bytes > ARTIFACT.code.length);
  });

  it('decodes to the same in steps, however long the code is and wherever its pairs are', async () => {
    for (const fill of ['x', 'é', '🙂', 'ab🙂"']) {
      for (const shift of ['', '1', '12']) {
        const artifact = { ...ARTIFACT, code: `${shift}${fill.repeat(700_000)}` };
        const { digest, blob } = encodeArtifact(artifact);
        const canonical = JSON.stringify([
          1,
          artifact.code,
          artifact.links,
          ['billing/read', 'db'],
        ]);
        assert.equal(digest, createHash('sha256').update(canonical).digest('hex'));
        assert.deepEqual(await decodeArtifactInSteps(blob, digest), artifact);
        assert.deepEqual(decodeArtifact(blob, digest), artifact);
      }
    }
  });

  it('in steps refuses what it refuses else', async () => {
    const { digest, blob } = encodeArtifact(ARTIFACT);
    const bomb = stored(zstdCompressSync(Buffer.alloc(MAX_ARTIFACT_BYTES + 1)));
    const corrupt = { code: 'SCATTER_ERR_REGISTRY_CORRUPT' };
    for (const [bytes, wanted] of [
      [bomb, digest],
      [blob, 'd'],
      [new Uint8Array(), digest],
      [stored(zstdCompressSync(Uint8Array.of(0xc0))), digest],
    ] as const) {
      await assert.rejects(decodeArtifactInSteps(bytes, wanted), corrupt);
    }
    const newer = Uint8Array.of(ARTIFACT_FORMAT + 1);
    await assert.rejects(decodeArtifactInSteps(newer, 'd'), {
      code: 'SCATTER_ERR_FORMAT_UNSUPPORTED',
    });
  });

  it('has a digest of format, code, links and the set of what it requires, and of nothing else', () => {
    const { digest } = encodeArtifact(ARTIFACT);
    const digestOf = (change: Partial<Artifact>) =>
      encodeArtifact({ ...ARTIFACT, ...change }).digest;
    assert.equal(digestOf({ origin: { source: 'moved', map: '', captured: [] } }), digest);
    assert.equal(digestOf({ requires: [...ARTIFACT.requires].reverse() }), digest);
    const others = [
      digestOf({ code: `${ARTIFACT.code} ` }),
      digestOf({ links: [...ARTIFACT.links].reverse() }),
      digestOf({ requires: ['db'] }),
      digestOf({ links: [], requires: [...ARTIFACT.links, ...ARTIFACT.requires] }),
    ];
    assert.equal(new Set([digest, ...others]).size, 5);
  });

  it('keeps the digest it has always had', () => {
    const plain = { ...ARTIFACT, code: '0', links: [], requires: [] };
    // sha-256 of `[1,"0",[],[]]`.
    const expected = 'f1a32d949bee2e627990b1795a2e30cd87464a883c126adc38621751c63ce45c';
    assert.equal(encodeArtifact(plain).digest, expected);
  });

  it('refuses half a surrogate pair with SOURCE_INVALID', () => {
    assert.throws(() => encodeArtifact({ ...ARTIFACT, code: '"\ud800"' }), {
      code: 'SCATTER_ERR_SOURCE_INVALID',
    });
  });

  it('refuses to encode more than it would decode with VALUE_TOO_LARGE', () => {
    const code = 'x'.repeat(MAX_ARTIFACT_BYTES);
    assert.throws(() => encodeArtifact({ ...ARTIFACT, code }), {
      code: 'SCATTER_ERR_VALUE_TOO_LARGE',
    });
  });

  it('refuses more links or capabilities than a function can have, and names that are none', () => {
    const many = (count: number) => Array.from({ length: count }, (_, n) => `f${n}`);
    for (const field of ['links', 'requires']) {
      const most = { ...ARTIFACT, [field]: many(1000) };
      const { digest, blob } = encodeArtifact(most);
      assert.deepEqual(decodeArtifact(blob, digest), most);
      assert.throws(() => encodeArtifact({ ...ARTIFACT, [field]: many(1001) }), {
        code: 'SCATTER_ERR_VALUE_TOO_LARGE',
      });
      for (const value of [many(1001), ['f'.repeat(401)]]) {
        const record = new Packr({ useRecords: false }).pack({ ...ARTIFACT, [field]: value });
        const blob = stored(zstdCompressSync(record));
        assertCorrupt(blob, 'd', new RegExp(`\`${field}\` is no list of up to 1000 names`));
      }
    }
  });

  it('refuses another artifact than the one asked for with REGISTRY_CORRUPT', () => {
    const other = encodeArtifact({ ...ARTIFACT, code: 'other' });
    assertCorrupt(other.blob, encodeArtifact(ARTIFACT).digest, /its content has the digest/);
  });

  it('tells a newer format from broken bytes', () => {
    const newer = Uint8Array.of(ARTIFACT_FORMAT + 1, 1, 2, 3);
    assert.throws(() => decodeArtifact(newer, 'd'), { code: 'SCATTER_ERR_FORMAT_UNSUPPORTED' });
    assertCorrupt(new Uint8Array(), 'd', /does not decompress/);
  });

  it('refuses a bomb before it is inflated', () => {
    const bomb = zstdCompressSync(Buffer.alloc(MAX_ARTIFACT_BYTES + 1));
    assert.ok(bomb.length < 10_000);
    assertCorrupt(stored(bomb), 'd', /does not decompress/);
  });

  it('refuses records, extensions, deep nesting, false lengths and trailing bytes unseen', () => {
    const hostile: [what: string, hex: string][] = [
      ['a record definition', 'd4720001'],
      ['an error extension', 'd4650093a776616c75654f66c0c0'],
      ['nil', 'c0'],
      ['a float', 'cb3ff0000000000000'],
      ['deep nesting', '9191919191919101'],
      ['a list longer than the bytes', 'ddffffffff01'],
      ['a string longer than the bytes', 'dbffffffff61'],
      ['a cut-off length', 'dd00'],
      ['trailing bytes', '0101'],
      ['a number as a key', '810101'],
      ['an index as a key', '81a431303233a0'],
      ['an empty key', '81a0a0'],
      ['`__proto__` as a key', '81a95f5f70726f746f5f5f80'],
      ['a list as a key, with a field behind it', '829101a0a16101'],
    ];
    for (const [what, hex] of hostile) {
      const blob = stored(zstdCompressSync(Buffer.from(hex, 'hex')));
      assertCorrupt(blob, 'd', /msgpack that no artifact is made of/, what);
    }
    const crowd = Buffer.concat([Buffer.from('dd00200000', 'hex'), Buffer.alloc(0x200000, 0x90)]);
    assertCorrupt(stored(zstdCompressSync(crowd)), 'd', /no artifact is made of/, 'a crowd');
  });

  it('refuses fields of another type, missing fields and unknown ones', () => {
    const { origin } = ARTIFACT;
    const wrong: unknown[] = [
      [],
      'text',
      { ...ARTIFACT, extra: 1 },
      { ...ARTIFACT, code: 1 },
      { ...ARTIFACT, format: 0 },
      { ...ARTIFACT, links: {} },
      { ...ARTIFACT, links: [1] },
      { ...ARTIFACT, requires: 'db' },
      { ...ARTIFACT, origin: [] },
      { ...ARTIFACT, origin: { source: 'x' } },
      { ...ARTIFACT, origin: { ...origin, source: 1 } },
      { ...ARTIFACT, origin: { ...origin, map: 1 } },
      { ...ARTIFACT, origin: { ...origin, captured: [{ name: 'rate' }] } },
    ];
    const packr = new Packr({ useRecords: false });
    const { digest } = encodeArtifact(ARTIFACT);
    for (const value of wrong) {
      assertCorrupt(stored(zstdCompressSync(packr.pack(value))), digest, /is not what was pushed/);
    }
  });

  it('gives an artifact or a ScatterError for any bytes', () => {
    const { digest, blob } = encodeArtifact(ARTIFACT);
    const record = Buffer.from(new Packr({ useRecords: false }).pack(ARTIFACT));
    const flips = fc.array(fc.tuple(fc.nat(record.length - 1), fc.nat(255)), { maxLength: 4 });
    fc.assert(
      fc.property(flips, fc.boolean(), (changes, inside) => {
        const bytes = inside ? Buffer.from(record) : Buffer.from(blob);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        assertSafe(inside ? stored(zstdCompressSync(bytes)) : bytes, digest);
      }),
    );
  });
});

function stored(compressed: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(ARTIFACT_FORMAT), compressed]);
}

function assertCorrupt(blob: Uint8Array, digest: string, message: RegExp, what?: string): void {
  assert.throws(
    () => decodeArtifact(blob, digest),
    (error) => {
      assert.ok(isScatterError(error, 'SCATTER_ERR_REGISTRY_CORRUPT'), what);
      assert.match(error.message, message, what);
      return true;
    },
  );
}

function assertSafe(blob: Uint8Array, digest: string): void {
  try {
    assert.equal(encodeArtifact(decodeArtifact(blob, digest)).digest, digest);
  } catch (error) {
    assert.ok(isScatterError(error), String(error));
  }
}
