/** Pushes a function, follows and calls it; is done when its input ends, and closes nothing. */
import { get, init, track } from '../../src/index.ts';

const [url = '', options = '{}'] = process.argv.slice(2);
const tell = (line: string): void => void process.stdout.write(`${line}\n`);
const logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (_: object, message: string) => tell(`warning: ${message}`),
  error: (_: object, message: string) => tell(`error: ${message}`),
};

await init({ url, redis: JSON.parse(options), cacheDir: false, logger, pool: { threads: 2 } });
await track((n: number) => 2 * n, { name: 'double' }).push();
const double = await get<(n: number) => number>('double');
tell(`double: ${await double(21)}`);
process.stdin.resume();
