/** Fetches from the server it is given, leaves the connection idle, and ends by itself. */
import { fetchWith, textOf } from './fetch-support.ts';

const [, , host = ''] = process.argv;
const fetch = fetchWith({ hosts: [host], timeoutMs: 50_000 });
const answered = await fetch({ url: `http://${host}/kept` });
process.stdout.write(`${textOf(answered)}\n`);
process.on('exit', () => process.stdout.write('end\n'));
