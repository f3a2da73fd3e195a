/** Run once before the tests, so that no test waits for the download of the server. */
import { findRedisServer } from './find-server.ts';

const { command, version } = await findRedisServer();
process.stdout.write(`redis-server ${version.major}.${version.minor}: ${command}\n`);
