import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capability, provide, type Scatter } from '../../src/index.ts';
import { gate, startScatter } from '../library/support.ts';
import { failsWith, until } from '../pool/support.ts';
import { served } from './support.ts';

const slow = capability<{ ask(): Promise<string> }>('slow', { timeoutMs: 60_000 });

/** An instance whose capability `slow` waits until it is told to answer. */
function startWaiting(): {
  readonly scatter: Scatter;
  readonly asked: Promise<AbortSignal>;
  answer(value: string): void;
} {
  const asked = gate<AbortSignal>();
  const answer = gate<string>();
  const scatter = startScatter({
    capabilities: [
      provide(slow, ({ signal }) => ({
        ask: () => {
          asked.open(signal);
          return answer.passed;
        },
      })),
    ],
  });
  return { scatter, asked: asked.passed, answer: answer.open };
}

/** How many timers keep this process alive. */
function timers(): number {
  return process.getActiveResourcesInfo().filter((one) => one === 'Timeout').length;
}

test('close() waits for a call that waits for a capability', async () => {
  const { scatter, asked, answer } = startWaiting();
  const fn = await served(scatter, () => slow.ask());
  const running = fn();
  const signal = await asked;
  const closing = scatter.close();
  assert.equal(signal.aborted, false);
  answer('in time');
  assert.equal(await running, 'in time');
  await closing;
  assert.equal(signal.aborted, true);
});

test('when a call times out, its capability calls end and their signal aborts', async () => {
  const { scatter, asked, answer } = startWaiting();
  const fn = await served(scatter, () => slow.ask());
  const before = timers();
  const short = fn.with({ limits: { timeoutMs: 500 } });
  await assert.rejects(short(), failsWith('GUEST_TIMEOUT'));
  assert.equal((await asked).aborted, true);
  await until(() => timers() <= before, 'the timers of the capability call are gone');
  answer('too late');
  assert.equal(await fn(), 'too late');
  assert.equal((await scatter.stats()).inFlight, 0);
});

test('when a call is aborted, the signal of its capabilities aborts with the same reason', async () => {
  const { scatter, asked } = startWaiting();
  const fn = await served(scatter, () => slow.ask());
  const controller = new AbortController();
  const running = fn.with({ signal: controller.signal })();
  const signal = await asked;
  controller.abort('the caller went away');
  await assert.rejects(running, failsWith('ABORTED'));
  assert.deepEqual([signal.aborted, signal.reason], [true, 'the caller went away']);
});

test('when the executor is killed, open capability calls end and the next call is served', async () => {
  const { scatter, asked, answer } = startWaiting();
  const fn = await served(scatter, () => slow.ask());
  const running = fn();
  const signal = await asked;
  const [pid] = (await scatter.stats()).pids;
  assert.ok(pid !== undefined);
  process.kill(pid, 'SIGKILL');
  await assert.rejects(running, failsWith('EXECUTOR_CRASHED', { begun: true }));
  assert.equal(signal.aborted, true);
  answer('by the next one');
  assert.equal(await fn(), 'by the next one');
});

test('a guest that does not wait for its capability call leaves nothing open', async () => {
  const { scatter, asked } = startWaiting();
  const fn = await served(scatter, async (n: number) => {
    slow.ask().catch(() => undefined);
    return n;
  });
  const before = timers();
  assert.equal(await fn(1), 1);
  assert.equal((await asked).aborted, true);
  await until(() => timers() <= before, 'the timers of the capability call are gone');
  for (let n = 0; n < 50; n += 1) assert.equal(await fn(n), n);
  assert.equal((await scatter.stats()).inFlight, 0);
});

test('a released handle and a swap leave capability calls in flight to end as they began', async () => {
  const { scatter, asked, answer } = startWaiting();
  const fn = await served(scatter, () => slow.ask());
  const running = fn();
  await asked;
  await scatter.push([scatter.track(() => 'new', { name: fn.name })]);
  assert.equal(await (await scatter.get(fn.name))(), 'new');
  await fn.release();
  answer('of the old one');
  assert.equal(await running, 'of the old one');
});
