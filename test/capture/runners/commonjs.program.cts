/** Writes the report of all rows that CommonJS can load, loaded by `require`, to the file that SPEC_REPORT names. */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { makeReport, RUNNER_FILES } from './report.ts';

const requireFile = createRequire(__filename);
const files = RUNNER_FILES.filter((file) => !file.includes('top-level-await'));
void makeReport(files, (file) => requireFile(fileURLToPath(file))).then((report) =>
  writeFileSync(String(process.env['SPEC_REPORT']), JSON.stringify(report)),
);
