import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What a program of these tests wrote and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts a program of this folder in a process of its own. */
export function startProgram(
  file: string,
  args: string[],
  options: SpawnOptions = {},
): ChildProcess {
  const program = fileURLToPath(new URL(file, import.meta.url));
  const stdio = ['ignore', 'pipe', 'pipe'] as const;
  return spawn(process.execPath, [program, ...args], { stdio: [...stdio], ...options });
}

/** Waits until it ends. */
export async function ended(child: ChildProcess): Promise<Ended> {
  const output = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => {
    output.stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    output.stderr += chunk;
  });
  await once(child, 'close');
  return { code: child.exitCode, signal: child.signalCode, ...output };
}
