/** What comes between two readings, and moves that fail: handles end where the registry is. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Execution } from '../../src/execution.ts';
import { parseReference } from '../../src/model/reference.ts';
import { resolveOptions } from '../../src/options.ts';
import { openMemory } from '../../src/registry/memory.ts';
import type { Changes, Head, Registry } from '../../src/registry/registry.ts';
import type { Handle } from '../../src/reload/handle.ts';
import { Runtime } from '../../src/runtime.ts';
import { pushValue } from '../registry/cache/support.ts';
import { type SwitchedRegistry, switched } from '../registry/cache/switched-registry.ts';
import { freshName, freshUrl, registryOf, startScatter } from './support.ts';

describe('a reader of a registry that loses writes', () => {
  it('goes back when it had pulled a version that was lost before it looked at the changes', async () => {
    const timelines = await Timelines.begin();
    await using program = await follow(timelines);
    await pushValue(timelines.now, 'f', 2);
    await program.handle.pull();
    assert.equal(program.handle.loaded.version, 2);
    await timelines.goBack([1]);
    await program.runtime.catchUp();
    assert.equal(program.handle.loaded.version, 1);
    await program.runtime.catchUp();
    assert.equal(program.warnings.length, 1);
  });

  it('takes a delete after the loss for a delete, in handles that do not follow, too', async () => {
    const timelines = await Timelines.begin();
    await using program = await follow(timelines);
    const pinned = await program.open('f@1');
    await pushValue(timelines.now, 'f', 2);
    await program.runtime.catchUp();
    await timelines.goBack([1]);
    await program.runtime.catchUp();
    await timelines.now.delete('f', 'test');
    await program.runtime.catchUp();
    const code = 'SCATTER_ERR_FUNCTION_NOT_FOUND';
    assert.throws(() => program.handle.current, { code });
    assert.throws(() => pinned.current, { code });
  });

  it('goes back in a handle that is being opened while the loss is applied', async () => {
    const timelines = await Timelines.begin();
    await using program = await follow(timelines);
    await pushValue(timelines.now, 'f', 2);
    await program.runtime.catchUp();
    timelines.afterFind = async () => {
      await timelines.goBack([1]);
      await pushValue(timelines.now, 'f', 33);
      await program.runtime.catchUp();
    };
    const opened = await program.open('f');
    await program.runtime.catchUp();
    const digest = (await timelines.now.version('f', 2))?.digest;
    assert.equal(program.handle.loaded.digest, digest);
    assert.equal(opened.loaded.digest, digest);
  });

  it('opens and pulls what a number stands for now, before it knows of the loss', async () => {
    const timelines = await Timelines.begin();
    await pushValue(timelines.now, 'f', 2);
    await using program = await follow(timelines);
    const pinned = await program.open('f@2');
    await timelines.goBack([1]);
    await pushValue(timelines.now, 'f', 3);
    const digest = (await timelines.now.version('f', 2))?.digest;
    assert.notEqual(pinned.loaded.digest, digest);
    assert.equal((await program.open('f@2')).loaded.digest, digest);
    await pinned.pull();
    assert.equal(pinned.loaded.digest, digest);
    assert.equal(program.warnings.length, 0);
  });

  it('serves again what it saw deleted, once it pulled it from a registry that lost the deletion', async () => {
    const timelines = await Timelines.begin();
    await using program = await follow(timelines);
    const pinned = await program.open('f@1');
    await timelines.now.delete('f', 'test');
    await program.runtime.catchUp();
    assert.throws(() => pinned.current, { code: 'SCATTER_ERR_FUNCTION_NOT_FOUND' });
    await timelines.goBack([1]);
    await pinned.pull();
    assert.equal(pinned.current.version, 1);
  });

  it('does not take for deleted what was lost while it looked', async () => {
    const timelines = await Timelines.begin();
    await using program = await follow(timelines);
    await pushValue(timelines.now, 'f', 2);
    timelines.beforeFind = () => timelines.goBack([]);
    await program.runtime.catchUp();
    assert.equal(program.handle.current.version, 1);
    await program.runtime.catchUp();
    assert.equal(program.handle.current.version, 1);
    assert.equal(program.warnings.length, 1);
  });
});

describe('news that are older than what a handle has', () => {
  for (const how of ['pulls', 'opens'] as const) {
    it(`do not take away what a program ${how} meanwhile`, async () => {
      const timelines = await Timelines.begin();
      await using program = await follow(timelines);
      await timelines.now.delete('f', 'test');
      let handle = program.handle;
      timelines.afterFind = async () => {
        await pushValue(timelines.now, 'f', 2);
        if (how === 'pulls') await handle.pull();
        else handle = await program.open('f');
      };
      await program.runtime.catchUp();
      await program.runtime.catchUp();
      assert.equal(handle.current.version, 2);
    });
  }
});

describe('a move that fails', () => {
  it('leaves a handle that follows with the news that it had not followed yet', async () => {
    const timelines = await Timelines.begin();
    await using program = await follow(timelines);
    await pushValue(timelines.now, 'f', 2);
    const refused = program.handle.pin(() => {
      throw new Error('there is no such version');
    });
    await assert.rejects(refused, /no such version/);
    await program.runtime.catchUp();
    assert.deepEqual([program.handle.loaded.version, program.handle.pinned], [2, false]);
  });

  it('downgrade() of a version that is gone is refused, and does not pin', async () => {
    const scatter = startScatter({ url: freshUrl(), isolation: 'none' });
    const registry = await registryOf(scatter);
    const name = freshName();
    await pushValue(registry, name, 1);
    const handle = await scatter.get(name, { autoUpdate: false });
    await registry.delete(name, 'test');
    await pushValue(registry, name, 2);
    await assert.rejects(handle.downgrade(), { code: 'SCATTER_ERR_VERSION_NOT_FOUND' });
    assert.deepEqual([handle.version, handle.pinned], [1, false]);
    assert.equal((await handle.upgrade()).version, 2);
  });
});

/** A registry whose history can go back and fork. It gives no hints. */
class Timelines {
  readonly now: SwitchedRegistry;
  /** What happens once, before the next function is read. */
  beforeFind: (() => Promise<void>) | undefined;
  /** What happens once, before the answer to the next reading of a function arrives. */
  afterFind: (() => Promise<void>) | undefined;
  #forks = 0;
  /** Up to where all timelines are the same. */
  #common = Number.POSITIVE_INFINITY;

  private constructor(first: Registry) {
    this.now = switched(first);
  }

  static async begin(): Promise<Timelines> {
    const timelines = new Timelines(await openMemory(undefined, 'default'));
    await pushValue(timelines.now, 'f', 1);
    return timelines;
  }

  /** To when `f` had been pushed with these values only. */
  async goBack(values: readonly number[]): Promise<void> {
    this.#forks += 1;
    this.#common = values.length;
    const other = await openMemory(undefined, 'default');
    for (const value of values) await pushValue(other, 'f', value);
    this.now.replace(other);
  }

  registry(): Registry {
    return Object.assign(Object.create(this.now), {
      head: () => this.#head(),
      changes: (since: Head) => this.#changes(since),
      find: (name: string) => this.#find(name),
      watch: () => () => undefined,
    });
  }

  async #head(): Promise<Head> {
    const { epoch } = await this.now.head();
    return { generation: 'one', epoch, mark: this.#markAt(epoch) };
  }

  async #changes(since: Head): Promise<Changes> {
    const head = await this.#head();
    if (since.epoch > head.epoch) return { head, names: 'all' };
    if (since.mark !== this.#markAt(since.epoch)) return { head, names: 'all', forked: true };
    return { head, names: since.epoch === head.epoch ? [] : ['f'] };
  }

  async #find(name: string) {
    const { beforeFind, afterFind } = this;
    this.beforeFind = this.afterFind = undefined;
    await beforeFind?.();
    const record = await this.now.find(name);
    await afterFind?.();
    return record;
  }

  #markAt(epoch: number): string {
    return epoch <= this.#common ? `${epoch}` : `${epoch} of fork ${this.#forks}`;
  }
}

interface Program extends AsyncDisposable {
  readonly runtime: Runtime;
  readonly handle: Handle;
  open(reference: string): Promise<Handle>;
  /** Of lost writes. */
  readonly warnings: string[];
}

/** A program with a handle of `f`, which looks at changes only when it is told to. */
async function follow(timelines: Timelines): Promise<Program> {
  const warnings: string[] = [];
  const ignore = () => undefined;
  const warn = (_: object, message: string) => {
    if (/lost writes/.test(message)) warnings.push(message);
  };
  const logger = { debug: ignore, info: ignore, warn, error: ignore };
  const options = resolveOptions({ url: 'memory:', isolation: 'none', cacheDir: false, logger });
  const open = async () => timelines.registry();
  const runtime = await Runtime.open(options, new Execution(options), open);
  const choices = { autoUpdate: true, warm: undefined, admit: ignore };
  const openHandle = (reference: string) => runtime.openHandle(parseReference(reference), choices);
  const handle = await openHandle('f');
  const dispose = () => runtime.close();
  return { runtime, handle, open: openHandle, warnings, [Symbol.asyncDispose]: dispose };
}
