/** Whatever happens to the server and to the networks: registry and subscribers end where the model is. */
import { test } from 'node:test';
import { faultCommands } from './fault-commands.ts';
import { handleCommands } from './handle-commands.ts';
import { redisStore } from './redis-store.ts';
import { runModel, times } from './run-model.ts';
import { writeCommands } from './write-commands.ts';

test('redis: every subscriber ends at what the registry has, and no confirmed push is lost', async (t) => {
  const store = await redisStore();
  t.after(() => store.stop());
  const { subscribers } = store;
  const write = writeCommands;
  const handle = handleCommands(subscribers);
  const fault = faultCommands(subscribers, ['paused', 'cut', 'slow']);
  const commands = [
    ...times(3, ...Object.values(write)),
    ...times(6, write.push, write.pushMany, handle.open),
    ...times(2, ...Object.values(handle)),
    ...times(3, fault.impair, fault.resume, fault.restore, fault.writer),
    fault.restart,
    fault.fork,
    fault.settle,
    fault.backup,
    fault.kill,
    fault.killWhilePushing,
    fault.lose,
  ];
  await runModel(t, store, commands, { runs: 20 });
});
