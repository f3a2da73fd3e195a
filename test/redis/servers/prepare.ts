/** Run once before the tests, so that no test waits for the download of the server. */
import { findRedisServer } from './find-server.ts';

await findRedisServer(() => {
  process.stdout.write(
    'no redis-server 6.2 or newer in PATH; fetching it from the system packages\n',
  );
});
