/** Guest code that runs while the prelude writes a record, and what bytes of its choice would do then. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startArena } from './support.ts';

const arena = startArena();

test('an id given to clearTimeout runs no code of its own', async () => {
  for (const clear of ['clearTimeout', 'clearInterval', 'clearImmediate']) {
    const { end, value } = await arena.attack({
      source: `export default () => {
        const timer = setTimeout(() => {}, 1e6);
        let ran = 0;
        const id = {
          toString() { ran += 1; return String(timer); },
          valueOf() { ran += 1; console.log('p'.repeat(62)); return timer; },
        };
        ${clear}(id);
        ${clear}(Symbol('x'));
        ${clear}(timer);
        return ran;
      };`,
    });
    assert.deepEqual([end, value], ['answered', 0], clear);
  }
});

test('a delay that starts a timer of its own, and an argument that logs, mix up no records', async () => {
  const { value, logged } = await arena.attack({
    source: `export default () => new Promise((done) => {
      const fired = [];
      const note = (name) => { fired.push(name); if (fired.length === 2) done(fired); };
      const outer = setTimeout(note, { valueOf() { inner = setTimeout(note, 1, 'inner'); console.log('in between'); return 2; } }, 'outer');
      var inner;
      console.log(outer !== inner);
    });`,
  });
  assert.deepEqual(value, ['inner', 'outer']);
  assert.deepEqual(logged, ['in between', 'true']);
});

test('results, errors and log lines whose getters write records meanwhile arrive whole', async () => {
  const { value, logged } = await arena.attack({
    source: `export default async () => {
      const value = { get text() { console.log('a'.repeat(5000)); setTimeout(() => {}, 0); return 'whole'; } };
      console.log('%s', { toString() { console.log('nested'); return 'shown'; } });
      return [value, value];
    };`,
  });
  assert.deepEqual(value, [{ text: 'whole' }, { text: 'whole' }]);
  assert.ok(logged.includes('a'.repeat(5000)));
});
