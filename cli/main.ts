import { Command, CommanderError } from 'commander';
import { packageVersion } from '../src/package-version.ts';
import { addAlias } from './commands/alias.ts';
import { addCall } from './commands/call.ts';
import { addLog } from './commands/log.ts';
import { addLs } from './commands/ls.ts';
import { addPush } from './commands/push.ts';
import { addRm } from './commands/rm.ts';
import { addRollback } from './commands/rollback.ts';
import { addShow } from './commands/show.ts';
import { addSnapshot } from './commands/snapshot.ts';
import { addStatus } from './commands/status.ts';
import { exitCodeOf, WRONG_USAGE } from './exit-code.ts';
import { leaveForeign } from './foreign-code.ts';
import { toJson } from './json.ts';
import { allowReadersToLeave, findOutput } from './output.ts';

const program = new Command('scatter')
  .description('Look at and steer the functions in a registry')
  .version(packageVersion())
  .showHelpAfterError('(scatter --help shows how)')
  .exitOverride();
for (const add of [
  addPush,
  addLs,
  addShow,
  addLog,
  addStatus,
  addCall,
  addAlias,
  addRollback,
  addRm,
  addSnapshot,
]) {
  add(program);
}

allowReadersToLeave();
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
await leaveForeign();

function report(error: unknown): number {
  const json = process.argv.includes('--json');
  if (!(error instanceof CommanderError)) {
    findOutput(json).failure(error);
    return exitCodeOf(error);
  }
  // Commander has told people what it had to say, and gives 0 for --help and --version.
  if (error.exitCode === 0) return 0;
  if (json) process.stdout.write(`${toJson({ error: { message: error.message } })}\n`);
  return WRONG_USAGE;
}
