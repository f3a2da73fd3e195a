/**
 * Serves `price` with the options given as JSON, and answers what it is sent: `call` with the result and
 * the version, `stats` with how it stands to its registry, `logged` with what its logger was told.
 */
import { createScatter } from '../../src/index.ts';

const logged: string[] = [];
const log = (level: string) => (_fields: object, message: string) => {
  logged.push(`${level}: ${message}`);
};
const scatter = createScatter({
  ...JSON.parse(process.argv[2] ?? '{}'),
  pool: { threads: 1 },
  logger: { debug: () => undefined, info: log('info'), warn: log('warn'), error: log('error') },
});

const answers: Record<string, () => Promise<unknown>> = {
  call: async () => {
    const price = await scatter.get('price');
    return { result: await price(2), version: price.version };
  },
  pull: async () => (await scatter.get('price')).pull(),
  stats: async () => (await scatter.stats()).registry,
  logged: async () => logged,
};

process.on('message', async (asked: string) => {
  const answer = await (answers[asked]?.() ?? Promise.reject(new Error(`${asked}?`))).catch(
    ({ code, message }: { code: string; message: string }) => ({ code, message }),
  );
  process.send?.(answer ?? null);
});
// Nothing else may end it: if it is over before that, the closing was not waited for.
process.exitCode = 1;
process.once('disconnect', async () => {
  await scatter.close();
  process.exitCode = 0;
});
