/** What guests link to is theirs to choose: what it costs the host, and how long it is kept. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Execution } from '../../src/execution.ts';
import { LinkedHandles, type LinkedHandlesOptions } from '../../src/linked-handles.ts';
import { resolveOptions } from '../../src/options.ts';
import { openMemory } from '../../src/registry/memory.ts';
import { Runtime } from '../../src/runtime.ts';
import { until } from '../pool/support.ts';
import { pushValue } from '../registry/cache/support.ts';
import { switched } from '../registry/cache/switched-registry.ts';
import { freshUrl, gate, pushCode, registryOf, silentLogger, startScatter } from './support.ts';

const NOT_FOUND = { code: 'SCATTER_ERR_FUNCTION_NOT_FOUND' };

interface Asked {
  found: number;
  named: number;
}

/** A registry of five functions that counts what it is asked, and handles of links to them. */
async function start(options?: LinkedHandlesOptions) {
  const registry = switched(await openMemory(undefined, 'default'));
  for (let n = 1; n <= 5; n++) await pushValue(registry, `f${n}`, n);
  const asked: Asked = { found: 0, named: 0 };
  const counted = Object.assign(Object.create(registry), {
    find(name: string) {
      asked.found += 1;
      return registry.find(name);
    },
    names() {
      asked.named += 1;
      return registry.names();
    },
  });
  const choices = resolveOptions({ url: 'memory:', logger: silentLogger });
  const runtime = await Runtime.open(choices, new Execution(choices), async () => counted);
  const handles = new LinkedHandles(async () => runtime, silentLogger, options);
  const version = async (reference: string) => {
    const { name, version: number } = await handles.version(reference, new Map());
    return `${name}@${number}`;
  };
  const held = () => [1, 2, 3, 4, 5].filter((n) => runtime.versionsInUse(`f${n}`).length > 0);
  return { registry, asked, version, held, [Symbol.asyncDispose]: () => runtime.close() };
}

describe('the handles of what guests link to', () => {
  test('are one for a reference, which follows', async () => {
    await using program = await start();
    const { registry, version, held } = program;
    assert.deepEqual(await Promise.all([version('f1'), version('f1')]), ['f1@1', 'f1@1']);
    await pushValue(registry, 'f1', 11);
    let now = '';
    const look = async () => {
      now = await version('f1');
    };
    await until(() => {
      void look();
      return now === 'f1@2';
    }, 'it followed');
    assert.deepEqual(held(), [1]);
  });

  test('are let go when more than so many others were used since', async () => {
    await using program = await start({ most: 3 });
    const { version, held } = program;
    for (const name of ['f1', 'f2', 'f3', 'f1', 'f4', 'f5']) await version(name);
    await until(() => held().length === 3, 'two were let go');
    assert.deepEqual(held(), [1, 4, 5]);
    assert.equal(await version('f2'), 'f2@1');
  });

  test('are waited for by all who asked, however few are kept', async () => {
    await using program = await start({ most: 1 });
    const names = ['f1', 'f2', 'f3', 'f4', 'f5'];
    const versions = await Promise.all([...names, ...names].map(program.version));
    assert.deepEqual(
      versions,
      [...names, ...names].map((name) => `${name}@1`),
    );
    await until(() => program.held().length === 1, 'the others were let go');
  });

  test('are let go when nobody used them for long', async () => {
    await using program = await start({ idleMs: 20 });
    await program.version('f1');
    await program.version('f2');
    await until(() => program.held().length === 0, 'they were let go');
    assert.equal(await program.version('f1'), 'f1@1');
  });

  test('are none for what is not there, and no names are looked at for that', async () => {
    await using program = await start();
    const { asked, version, registry } = program;
    await assert.rejects(version('f9'), NOT_FOUND);
    await assert.rejects(version('f9'), NOT_FOUND);
    assert.deepEqual(asked, { found: 2, named: 0 });
    await pushValue(registry, 'f9', 9);
    assert.equal(await version('f9'), 'f9@1');
  });
});

/**
 * A function that calls what it links to, all at once, `rounds` times, and says so after each; gives how many
 * calls failed.
 */
const STORM = (links: number, rounds: number) => `($scatter) => {
  const linked = Array.from({ length: ${links} }, (_, i) => $scatter.link(i));
  return async () => {
    let failed = 0;
    for (let round = 0; round < ${rounds}; round++) {
      const all = await Promise.allSettled(linked.map((call) => call()));
      failed += all.filter((one) => one.reason?.code === 'SCATTER_ERR_FUNCTION_NOT_FOUND').length;
      console.log('again');
      if (round + 1 < ${rounds}) await new Promise((done) => setTimeout(done, 60));
    }
    return failed;
  };
}`;

describe('a call of functions that are not there', () => {
  test('does not hold up the program, however many and long the names', async () => {
    const scatter = startScatter({ url: freshUrl() });
    const registry = await registryOf(scatter);
    const long = (letter: string, n: number) => `${letter.repeat(200)}${n}${letter.repeat(40)}`;
    for (let n = 0; n < 300; n++) await pushCode(registry, long('x', n), '() => () => 1');
    const links = Array.from({ length: 200 }, (_, n) => long('z', n));
    await pushCode(registry, 'storm', STORM(links.length, 1), { links });
    const storm = await scatter.get('storm');
    const before = process.cpuUsage();
    assert.equal(await storm(), links.length);
    const { user, system } = process.cpuUsage(before);
    // It was half a minute.
    assert.ok((user + system) / 1e6 < 3, `${(user + system) / 1e6} s`);
  });

  test('asks once for each of them, and the next call asks again', async () => {
    const scatter = startScatter({ url: freshUrl() });
    const registry = await registryOf(scatter);
    const links = ['gone', 'lost', 'gone too'];
    await pushCode(registry, 'storm', STORM(links.length, 2), { links });
    const storm = await scatter.get('storm');
    const first = gate();
    const running = storm.with({ onLog: () => first.open() })();
    await first.passed;
    await pushCode(registry, 'gone', '() => () => 1');
    assert.equal(await running, 6);
    assert.equal(await storm(), 4);
  });
});
