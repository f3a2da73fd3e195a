/** Writes the report of all rows, loaded as ES modules, to the file that SPEC_REPORT names. */
import { writeFileSync } from 'node:fs';
import { makeReport, RUNNER_FILES } from './report.ts';

writeFileSync(String(process.env['SPEC_REPORT']), JSON.stringify(await makeReport(RUNNER_FILES)));
