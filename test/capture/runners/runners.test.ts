import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { travellingTables } from '../cases.ts';
import { checkWords } from '../refusal.ts';
import type { Report } from './report.ts';

interface Runner {
  readonly name: string;
  /** Files, by a part of their name, that it cannot load as what they are. */
  readonly without: readonly string[];
  readonly command: readonly string[];
  /** Rows that it makes unfit, and the words of their refusal. */
  readonly refused?: Readonly<Record<string, string>>;
}

const here = fileURLToPath(new URL('.', import.meta.url));
const tsx = fileURLToPath(import.meta.resolve('tsx/cli'));
const vitest = fileURLToPath(new URL('vitest.mjs', import.meta.resolve('vitest/package.json')));

const RUNNERS: readonly Runner[] = [
  {
    name: 'tsx, as ES modules',
    without: ['string-names'],
    command: [tsx, 'modules.program.ts'],
  },
  {
    name: 'tsx, as CommonJS',
    without: ['string-names', 'top-level-await'],
    command: [tsx, 'commonjs.program.cts'],
  },
  {
    name: 'vitest',
    without: ['string-names', 'sloppy'],
    command: [vitest, 'run'],
    refused: {
      'travels/modules.mjs: CommonJS by default import': '`exports` is a Proxy',
      'travels/modules.mjs: CommonJS as a namespace': '`exports` is a Proxy',
      'travels/modules.mjs: a counter inside another module': '`exports` is a Proxy',
    },
  },
];

const tables = await travellingTables();

for (const { name, without, report, refused = {} } of await makeReports()) {
  describe(`captured under ${name}, in an isolate`, () => {
    for (const [key, outcome] of Object.entries(report.rows)) {
      const refusal = refused[key];
      test(refusal === undefined ? key : `${key} (refused)`, () => {
        if (refusal === undefined) assert.equal(outcome, 'ok');
        else assert.ok(outcome.includes(refusal), outcome);
      });
    }

    test('no row is missing, and there are rows in TypeScript that has to be compiled', () => {
      const keys = tables
        .filter(({ file }) => !without.some((part) => file.includes(part)))
        .flatMap(({ file, rows }) => Object.keys(rows).map((title) => `${file}: ${title}`));
      const found = Object.keys(report.rows);
      const compiled = found.filter((key) => key.startsWith('compiled/'));
      assert.deepEqual(found.toSorted(), [...keys, ...compiled].toSorted());
      assert.ok(compiled.length >= 10);
    });

    test('a refusal names the lines of the author', () => {
      checkWords(report.refusal, [
        'Node built-in',
        'function loads (test/capture/fixtures/compiled/place.ts:12:',
        'function reads (test/capture/fixtures/compiled/place.ts:16:',
        'fix: ',
      ]);
    });
  });
}

async function makeReports(): Promise<(Runner & { readonly report: Report })[]> {
  const folder = mkdtempSync(join(tmpdir(), 'scatter-runners-'));
  try {
    return await Promise.all(
      RUNNERS.map(async (runner, index) => {
        const report = await run(runner, join(folder, `${index}.json`), folder);
        return { ...runner, report };
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function run({ command }: Runner, report: string, folder: string): Promise<Report> {
  const env = { ...process.env, SPEC_REPORT: report, SPEC_CACHE: join(folder, 'cache') };
  const child = spawn(process.execPath, command, { cwd: here, env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const [status] = (await once(child, 'close')) as [number | null];
  assert.equal(status, 0, output);
  return JSON.parse(readFileSync(report, 'utf8')) as Report;
}
