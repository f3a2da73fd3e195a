import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { startProxy } from '../redis/servers/proxy.ts';
import { persistent, startRedis } from '../redis/servers/server.ts';
import { type Run, runExample } from './example-program.ts';
import { assertOnlyLog } from './left-in-redis.ts';

const WALK = 'examples/walk.ts';

describe('the walk', () => {
  it('goes through every step, ends by itself and leaves nothing behind', async () => {
    assertWalked(await runExample(WALK));
  });

  it('goes through every step in a Redis registry of the user, in which only its log is left', async () => {
    await using server = await startRedis({ config: { ...persistent, requirepass: 'hunter2' } });
    const run = await runExample(WALK, ['--url', server.url.replace('//', '//:hunter2@')]);
    assertWalked(run);
    assert.doesNotMatch(run.stdout, /hunter2/);
    const [, namespace] = /namespace (walk-\w+)/.exec(run.stdout) ?? [];
    await assertOnlyLog(server, namespace);
  });

  it('a Redis that refuses is told once, in words', async () => {
    await using server = await startRedis();
    await using proxy = await startProxy(server);
    proxy.refuse();
    const run = await runExample(WALK, ['--url', proxy.url]);
    assert.equal(run.code, 1);
    assert.match(run.stderr, /^the walk failed: .*redis:\S+ failed: .*REFUSED.*\n$/);
  });

  it('goes twice through one registry of the user, which stays', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'scatter-'));
    try {
      const path = join(folder, 'scatter.db');
      const first = await runExample(WALK, ['--url', `sqlite:${path}`]);
      const second = await runExample(WALK, ['--url', `sqlite:${path}`]);
      assert.deepEqual([first.code, second.code], [0, 0]);
      assert.match(second.stdout, /pushed describe as version 1,/);
      assert.ok(existsSync(path));
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

function assertWalked(run: Run): void {
  assert.equal(run.stderr, '');
  assert.equal(run.code, 0);
  for (const line of [
    'describe(2, 3) here, directly: 2 by 3 cm',
    'describe(2, 3): 2 by 3 cm',
    'pushed describe as version 2',
    'the one that follows has version 2: 6 square cm',
    'the one that waits has version 1: 2 by 3 cm',
    'after pull() it has version 2: 6 square cm',
    'after downgrade() version 1: 2 by 3 cm',
    'after upgrade() version 2: 6 square cm',
  ]) {
    assert.ok(run.stdout.includes(`   ${line}\n`), line);
  }
  assert.match(run.stdout, /SCATTER_ERR_FUNCTION_NOT_FOUND: there is no function `describe`/);
  assert.match(run.stdout, /SCATTER_ERR_FUNCTION_NOT_FOUND: `describe` was deleted/);
  assert.match(run.stdout, /cleaned up: nothing of scatter is left running\n$/);
}
