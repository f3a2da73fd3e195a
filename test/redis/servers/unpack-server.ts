import { execFile } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** In the first, redis-server is only a link to a program of the second. */
const PACKAGES = ['redis-server', 'redis-tools'];

/** What has to be started, and the environment it needs. */
export interface ServerProgram {
  readonly command: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Downloads the system's redis packages, and the libraries they need that the system lacks, and
 * unpacks them into the folder. Installs nothing, so it needs no root and changes nothing else.
 */
export async function unpackServer(folder: string): Promise<void> {
  const temporary = await mkdtemp(`${folder}-`);
  try {
    const tree = join(temporary, 'tree');
    await mkdir(tree);
    for (const archive of await downloaded(temporary)) await run('dpkg', ['-x', archive, tree]);
    await rm(folder, { recursive: true, force: true });
    await rename(tree, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** The server that was unpacked into this folder; undefined if there is none. */
export function unpackedServer(folder: string): ServerProgram | undefined {
  const command = join(folder, 'usr/bin/redis-server');
  if (!existsSync(command)) return undefined;
  const libraries = globSync('{usr/,}lib/*-linux-*/', { cwd: folder }).map((one) =>
    join(folder, one),
  );
  const inherited = process.env['LD_LIBRARY_PATH'];
  const path = inherited ? [...libraries, inherited] : libraries;
  return { command, env: { ...process.env, LD_LIBRARY_PATH: path.join(delimiter) } };
}

/** Falls back to lists of its own: those of the system may be missing, or name removed packages. */
async function downloaded(temporary: string): Promise<string[]> {
  try {
    return await download(temporary, []);
  } catch (error) {
    return await downloadWithOwnLists(temporary).catch((second: unknown) => {
      throw new AggregateError([error, second], 'the packages of redis-server do not download');
    });
  }
}

async function downloadWithOwnLists(temporary: string): Promise<string[]> {
  const options = await ownLists(temporary);
  await apt(temporary, [...options, 'update']);
  return await download(temporary, options);
}

async function download(temporary: string, options: readonly string[]): Promise<string[]> {
  const archives = await mkdtemp(join(temporary, 'archives-'));
  const libraries = await missingLibraries(temporary, options);
  await apt(archives, [...options, 'download', ...PACKAGES, ...libraries]);
  return globSync('*.deb', { cwd: archives }).map((one) => join(archives, one));
}

/** A simulated installation tells which packages the system lacks. */
async function missingLibraries(cwd: string, options: readonly string[]): Promise<string[]> {
  const wanted = ['install', '--simulate', '--no-install-recommends', ...PACKAGES];
  const plan = await apt(cwd, [...options, ...wanted]);
  return [...plan.matchAll(/^Inst (lib\S+)/gm)].map(([, name = '']) => name);
}

async function ownLists(temporary: string): Promise<string[]> {
  const state = join(temporary, 'state');
  const cache = join(temporary, 'cache');
  await mkdir(join(state, 'lists/partial'), { recursive: true });
  await mkdir(join(cache, 'archives/partial'), { recursive: true });
  const places = [`Dir::State=${state}`, `Dir::State::lists=${state}/lists`, `Dir::Cache=${cache}`];
  return places.flatMap((place) => ['-o', place]);
}

async function apt(cwd: string, parameters: readonly string[]): Promise<string> {
  // As root, apt would download as a user who may not enter the folder.
  const options = ['--quiet', '-o', 'APT::Sandbox::User=root'];
  const env = { ...process.env, LC_ALL: 'C' };
  const { stdout } = await run('apt-get', [...options, ...parameters], { cwd, env });
  return stdout;
}
