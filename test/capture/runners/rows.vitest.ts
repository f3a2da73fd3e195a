/** Writes the report of all rows, loaded by vitest, to the file that SPEC_REPORT names. */
import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeReport, RUNNER_FILES } from './report.ts';

// vitest makes strict code of every file, so that nothing is sloppy there.
const files = RUNNER_FILES.filter((file) => !file.includes('sloppy'));

test('all rows are captured', { timeout: 600_000 }, async () => {
  const report = await makeReport(files);
  writeFileSync(String(process.env['SPEC_REPORT']), JSON.stringify(report));
  expect(Object.keys(report.rows).length).toBeGreaterThan(300);
});
