import type { InstanceReport } from '../../../src/model/instance-report.ts';
import { decodeReport, encodeReport } from '../../../src/registry/instance-record.ts';
import { mutate } from './mutate.ts';
import { checkPlain } from './plain-value.ts';
import type { Random } from './random.ts';
import { isSame } from './same-value.ts';
import type { Target } from './target.ts';
import { randomText } from './texts.ts';
import { demand } from './violation.ts';

const WORDS = ['"__proto__":', 'null', '{}', '[]', '1e999', '"functions":', '-1', '"blocked":{}'];

/** Reports of running programs, which are JSON. */
export const REPORT: Target = {
  name: 'reports of instances',
  share: 4,
  make: (random) => {
    const text = Buffer.from(encodeReport(randomReport(random)));
    if (random.oneIn(6)) return text;
    return mutate(text, random, () => Buffer.from(random.pick(WORDS)));
  },
  run: (frame, _random, probe) => {
    const text = frame.toString();
    const report = probe.measure(() => decodeReport(text));
    if (report === undefined) return 'no report';
    checkPlain(report, probe.types);
    demand(isSame(decodeReport(encodeReport(report)), report), 'a report differs when read again');
    return 'passed';
  },
};

function randomReport(random: Random): InstanceReport {
  const functions = Array.from({ length: random.length(9) }, () => {
    const blocked = { version: random.next(), code: 'E', message: randomText(random) };
    const one = { name: randomText(random), version: random.below(9), digest: 'd', pinned: true };
    return { ...one, ...(random.oneIn(3) && { blocked }) };
  });
  return {
    ...{ id: randomText(random), host: randomText(random), pid: random.below(70_000) },
    ...{ startedAt: new Date(random.next()), scatter: '0.1.0', generation: 'g', functions },
    ...{ epoch: random.next(), ...(random.oneIn(2) && { mark: 'm' }) },
    ...(random.oneIn(2) && { cacheSince: new Date(random.next()) }),
  };
}
