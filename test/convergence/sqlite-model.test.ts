/** Whatever happens to writers and subscribers: registry and subscribers end where the model is. */
import { test } from 'node:test';
import { faultCommands } from './fault-commands.ts';
import { handleCommands } from './handle-commands.ts';
import { runModel, times } from './run-model.ts';
import { sqliteStore } from './sqlite-store.ts';
import { writeCommands } from './write-commands.ts';

test('sqlite: every subscriber ends at what the registry has, and no confirmed push is lost', async (t) => {
  const store = await sqliteStore();
  t.after(() => store.stop());
  const { subscribers } = store;
  const write = writeCommands;
  const handle = handleCommands(subscribers);
  const fault = faultCommands(subscribers, ['paused']);
  const commands = [
    ...times(3, ...Object.values(write)),
    ...times(6, write.push, write.pushMany, handle.open),
    ...times(2, ...Object.values(handle)),
    ...times(3, fault.impair, fault.resume, fault.restore),
    fault.restart,
    fault.fork,
    fault.settle,
    fault.backup,
    fault.killWriter,
  ];
  await runModel(t, store, commands, { runs: 20 });
});
