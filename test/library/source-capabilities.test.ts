import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capability, provide } from '../../src/index.ts';
import { freshName, startScatter } from './support.ts';

interface Database {
  find(id: number): Promise<string>;
}

const scatter = startScatter();
const db = capability<Database>('db');
const SOURCE = `import { db as imported } from 'scatter:capabilities';
  export default async (id) => [await db.find(id), await imported.find(id + 1)];`;
type Find = (id: number) => Promise<string[]>;

const provided = provide(db, { find: (id) => `row ${id}` });

test('loaded text is given what was provided, as a global and as an import', async () => {
  const fn = await scatter.load<Find>(SOURCE, { capabilities: [provided] });
  assert.deepEqual([await fn(1), fn.requires], [['row 1', 'row 2'], ['db']]);
});

test('loaded text that declares a token needs somebody to provide it', async () => {
  await assert.rejects(scatter.load(SOURCE, { capabilities: [db] }), {
    code: 'SCATTER_ERR_CAPABILITY_MISSING',
    capability: 'db',
  });
  const giving = startScatter({ capabilities: [provided] });
  const fn = await giving.load<Find>(SOURCE, { capabilities: ['db'] });
  assert.deepEqual(await fn(1), ['row 1', 'row 2']);
});

test('pushed text requires what it declares, by name, token or provide()', async () => {
  for (const one of ['db', db, provided]) {
    const name = freshName();
    const { requires } = await scatter.pushSource(name, SOURCE, { capabilities: [one] });
    assert.deepEqual(requires, ['db']);
    await assert.rejects(scatter.get(name), { code: 'SCATTER_ERR_CAPABILITY_MISSING' });
    const fn = await scatter.get<Find>(name, { capabilities: [provided] });
    assert.deepEqual(await fn(1), ['row 1', 'row 2']);
  }
});

test('what is no capability is CONFIG_INVALID', async () => {
  for (const wrong of [5, null, {}, 'a@b']) {
    const pushing = scatter.pushSource('x', SOURCE, { capabilities: [wrong] as never });
    await assert.rejects(pushing, { code: 'SCATTER_ERR_CONFIG_INVALID' });
  }
});
