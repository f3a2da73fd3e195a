import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type AnyFunction,
  capability,
  isScatterError,
  provide,
  type Scatter,
  type ScatterFunction,
} from '../../src/index.ts';
import { freshName, silentLogger, startScatter } from '../library/support.ts';
import { until } from '../pool/support.ts';

const tenant = capability<{ name(): Promise<string> }>('tenant', { maxCalls: 4 });

function tenantOf(label: string) {
  return provide(tenant, ({ context, function: name }) => ({
    name: () => `${label}: ${String(context)} of ${name}`,
  }));
}

async function pushed<F extends AnyFunction>(
  at: Scatter,
  fn: F,
  name = freshName(),
): Promise<string> {
  await at.push([at.track(fn, { name })]);
  return name;
}

test('nested calls have the provisions and the context of the outermost call', async () => {
  const scatter = startScatter({ capabilities: [tenantOf('instance')] });
  const inner = await scatter.get<() => Promise<string>>(
    await pushed(scatter, () => tenant.name()),
  );
  const outerName = await pushed(scatter, async () => [await inner(), await tenant.name()]);
  const outer = await scatter.get<() => Promise<string[]>>(outerName, {
    capabilities: [tenantOf('got')],
  });
  const own = `got: one of ${outerName}`;
  assert.deepEqual(await outer.with({ context: 'one' })(), [own, own]);
  assert.equal(await inner.with({ context: 'two' })(), `instance: two of ${inner.name}`);
});

test('a nested function uses what its own version declares, also when the outer one declares nothing', async () => {
  const scatter = startScatter({ capabilities: [tenantOf('instance')] });
  const inner = await scatter.get<() => Promise<string>>(
    await pushed(scatter, () => tenant.name()),
  );
  const outer = await scatter.get<() => Promise<string>>(await pushed(scatter, () => inner()));
  assert.deepEqual(outer.requires, []);
  const label = `instance: one of ${outer.name}`;
  assert.equal(await outer.with({ context: 'one' })(), label);
});

test('the budget of a capability is that of the outermost call', async () => {
  const scatter = startScatter({ capabilities: [tenantOf('x')] });
  const innerName = await pushed(scatter, async () => {
    const [a, b] = [await tenant.name(), await tenant.name()];
    return a === b;
  });
  const inner = await scatter.get<() => Promise<boolean>>(innerName);
  const outerName = await pushed(scatter, async (times: number) => {
    for (let n = 0; n < times; n += 1) await inner();
    return 'done';
  });
  const outer = await scatter.get<(times: number) => Promise<string>>(outerName);
  assert.equal(await outer(2), 'done');
  await assert.rejects(outer(3), (error) => {
    assert.ok(isScatterError(error, 'SCATTER_ERR_GUEST_THREW'));
    assert.deepEqual(error.guest?.data, { code: 'SCATTER_ERR_CAPABILITY_EXHAUSTED' });
    return true;
  });
});

test('allow goes by the name of the function that asks, not of the outermost one', async () => {
  const allowed = provide(tenant, { name: () => 'yes' }, { allow: ['inner-*'] });
  const scatter = startScatter({ capabilities: [allowed] });
  const use = (): Promise<string> => tenant.name();
  const inner = await scatter.get<() => Promise<string>>(await pushed(scatter, use, 'inner-1'));
  const outer = await scatter.get<() => Promise<string>>(
    await pushed(scatter, () => inner(), 'outer-1'),
  );
  assert.equal(await outer(), 'yes');
});

test('a nested function that needs what the outermost call was not given is CAPABILITY_MISSING', async () => {
  const scatter = startScatter();
  const given = { capabilities: [tenantOf('given')] };
  const innerName = await pushed(scatter, () => tenant.name());
  const inner = await scatter.get<() => Promise<string>>(innerName, given);
  const outer = await scatter.get<() => Promise<string>>(await pushed(scatter, () => inner()));
  await assert.rejects(outer(), (error) => {
    assert.ok(isScatterError(error, 'SCATTER_ERR_GUEST_THREW'));
    assert.deepEqual(error.guest?.data, { code: 'SCATTER_ERR_CAPABILITY_MISSING' });
    return true;
  });
  assert.match(await outer.with({ ...given, context: 'c' })(), /^given: c/);
});

test('a linked function stays at its version when the next one needs what is not given, and it is logged', async () => {
  const warned: object[] = [];
  const logger = { ...silentLogger, warn: (fields: object) => warned.push(fields) };
  const scatter = startScatter({ logger });
  const innerName = await pushed(scatter, async () => 'before');
  const inner: ScatterFunction<() => Promise<string>> = await scatter.get(innerName);
  const outer = await scatter.get<() => Promise<string>>(await pushed(scatter, () => inner()));
  assert.equal(await outer(), 'before');
  await pushed(scatter, () => tenant.name(), innerName);
  await until(() => warned.length > 0, 'it is logged');
  assert.equal(await outer(), 'before');
  assert.match(await outer.with({ capabilities: [tenantOf('with')] })(), /^with: /);
});
