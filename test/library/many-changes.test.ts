import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Execution } from '../../src/execution.ts';
import { LATEST } from '../../src/model/reference.ts';
import { resolveOptions } from '../../src/options.ts';
import { openMemory } from '../../src/registry/memory.ts';
import { Runtime } from '../../src/runtime.ts';
import { pushValue } from '../registry/cache/support.ts';
import { switched } from '../registry/cache/switched-registry.ts';

const FUNCTIONS = 100;
const AT_ONCE = 16;

describe('many functions that change together', () => {
  it('are fetched and loaded a bounded number at a time, each once', async () => {
    const registry = switched(await openMemory(undefined, 'default'));
    const names = Array.from({ length: FUNCTIONS }, (_, n) => `function-${n}`);
    for (const [n, name] of names.entries()) await pushValue(registry, name, n);
    let [open, most, fetched] = [0, 0, 0];
    const watched = Object.assign(Object.create(registry), {
      // All changes are seen together, when they are asked for.
      watch: () => () => undefined,
      async artifact(digest: string) {
        fetched += 1;
        open += 1;
        most = Math.max(most, open);
        await turn();
        open -= 1;
        return registry.artifact(digest);
      },
    });
    const options = resolveOptions({ url: 'memory:' });
    const runtime = await Runtime.open(options, new Execution(options), async () => watched);
    try {
      const choices = { autoUpdate: true, warm: undefined, admit: () => undefined };
      const handles = await Promise.all(
        // Two of each: they share what is fetched.
        [...names, ...names].map((name) => runtime.openHandle({ name, alias: LATEST }, choices)),
      );
      [open, most, fetched] = [0, 0, 0];
      for (const [n, name] of names.entries()) await pushValue(registry, name, 1000 + n);
      await runtime.catchUp();
      assert.ok(handles.every(({ loaded }) => loaded.version === 2));
      assert.equal(fetched, FUNCTIONS);
      assert.ok(most > 1 && most <= AT_ONCE, `${most} at a time`);
    } finally {
      await runtime.close();
    }
  });
});
