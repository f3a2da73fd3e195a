import type { BuildOptions, BuildResult } from 'esbuild';

/** What every run gives: files that are not written, and what went into them. */
export type Compiled = BuildResult<{ write: false; metafile: true }>;

/** Options of esbuild; nothing is written. */
export type CompileOptions = BuildOptions & { write: false; metafile: true };

/** The compiler's process ended while it worked, as it does on code that nests a million deep. */
export class CompilerEnded extends Error {
  override readonly name = 'CompilerEnded';
}

const ENDED = /^The service (?:was stopped|is no longer running)/;

/**
 * Runs esbuild. Its process is one for all that run at a time, and code of others can end it: then
 * another is started and the run is tried once more, because it may not have been to blame.
 *
 * @throws CompilerEnded when it ended twice; esbuild's BuildFailure for what it does not compile
 */
export async function compile(options: CompileOptions): Promise<Compiled> {
  return (await attempt(options)) ?? (await attempt(options)) ?? refuse();
}

// Which process is the present one: several runs see the same one end, and only one starts the next.
const service = { generation: 0 };

async function attempt(options: CompileOptions): Promise<Compiled | undefined> {
  // Most programs compile nothing, and do without the process.
  const { build, stop } = await import('esbuild');
  const { generation } = service;
  try {
    return await build(options);
  } catch (error) {
    if (!(error instanceof Error && ENDED.test(error.message))) throw error;
    if (generation === service.generation) {
      service.generation += 1;
      await stop();
    }
    return undefined;
  }
}

function refuse(): never {
  throw new CompilerEnded('the compiler ended while it read the code');
}
