import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { capture } from '../../src/capture/index.ts';
import { isScatterError } from '../../src/errors.ts';
import type { AnyFunction } from '../../src/model/function-type.ts';
import commonJs from './fixtures/refused.cjs';
import { refused as esModule } from './fixtures/refused.mjs';

const refused = Object.fromEntries(Object.entries({ ...esModule, ...commonJs.refused })) as Record<
  string,
  AnyFunction
>;

/** The words that must stand in each message, in this order. */
const WORDS: Record<string, readonly string[]> = {
  fsDefault: [
    '`fs` is a Node built-in',
    'function fsDefault (test/capture/fixtures/refused.mjs:',
    'fix: ',
    'capability',
  ],
  fsNamed: [
    '`readFileSync` is a Node built-in',
    '→ function fsNamed',
    '→ variable `loadUser` → function loadUser',
    '→ variable `readFileSync`',
    'capability',
  ],
  pathNamespace: ['`path` is a Node built-in', 'capability'],
  processAlias: ['`proc` (`process`) is a global', 'capability'],
  processMember: ['only `process.env` of the global `process`', 'fix: '],
  fetchGlobal: ['`fetch` is a global', 'allowFetch'],
  bufferGlobal: ['`Buffer` is a global'],
  webAssembly: ['`WebAssembly` is a global'],
  npmPackage: ['`parse`', 'npm package `acorn`', 'not supported yet', 'fix: '],
  classValue: ['`Account` is a class', 'not supported yet', '→ variable `Account`'],
  instance: ['`account` is an instance of class `Account`', 'capability'],
  promise: ['`job` is a Promise', 'await it first'],
  proxy: ['`proxy` is a Proxy', 'target'],
  bound: ['bound function', '→ variable `bound`', 'an arrow'],
  native: ['`native`', 'native code', 'an arrow'],
  boundRoot: ['bound function', 'an arrow'],
  nativeRoot: ['`Math.max` is native code', 'an arrow'],
  classRoot: ['`Account` is a class', 'not supported yet'],
  privateMethod: ['`peek` uses the private name `#balance`', 'create the instance inside'],
  symbolDeep: ['`deep.list[0].key` is a symbol', 'property `.list[0].key`', 'a string'],
  getter: ['`getter.now` is a getter', 'ordinary property'],
  symbolKey: ['`keyed` has the symbol key Symbol(k)', 'a string'],
  hidden: ['`hidden.secret` is hidden', 'ordinary property'],
  generator: ['`running` is a running generator', 'inside the function'],
  weakMap: ['`weak` is a WeakMap', 'inside the function'],
  error: ['`failure` is an Error', 'inside the function'],
  nodeBuffer: ['`bytes` is a Node Buffer', 'new Uint8Array'],
  partOfBuffer: ['`part` shows only a part of its buffer', 'slice'],
  constructor_: ['`Old` is a constructor with the method `go`', 'not supported yet'],
  longChain: ['`chain.next.next.next….next.next.next` is a symbol'],
  undeclared: ['`nowhereAtAll` is not declared', 'typeof nowhereAtAll'],
  outerThis: ['uses `this` of the function around it', 'const self = this'],
  outerArguments: ['`arguments` of the function around it', '(...args)'],
  newTarget: ['`new.target` of the function around it', 'const target = new.target'],
  superMethod: ['`hi` uses `super`', 'fix: '],
  evalCall: ['`evalCall` calls `eval`', 'fix: '],
  dynamicImport: ['`import()`', 'top of the file'],
  importMeta: ['`import.meta`', 'const outside'],
  assignsConstant: ['`fixed` is assigned, and it is a constant', '`let`'],
  sharedUnproven: ['`n` is assigned by function', 'share one variable', '`const state = { n }`'],
  importedState: ['`count` is assigned by function bump', '`const state = { count }`'],
  hiddenName: ['`secret` is the inner name of a function expression', 'declare it'],
  innerRequire: ['calls `require`', 'top of the file'],
  moduleName: ['`module`', 'fix: '],
  folder: ['`__dirname`', 'fix: '],
  withBlock: ['`with` statement', 'fix: '],
};

describe('what cannot travel is refused by name, with the path to it and a way out', () => {
  for (const [name, words] of Object.entries(WORDS)) {
    test(name, async () => checkWords(await messageOf(refused[name]), words));
  }

  test('the table and the fixtures name the same refusals', () => {
    assert.deepEqual(Object.keys(refused).sort(), Object.keys(WORDS).sort());
  });
});

test('a variable in its dead zone inside a function is refused', async () => {
  const message = await messageOf(() => value);
  const value = 1;
  checkWords(message, ['`value` is not yet initialised', 'create the tracked function after']);
});

test('too much captured data is refused, naming the variable and the limit', async () => {
  const rows = Array.from({ length: 1000 }, (_, index) => ({ index }));
  const message = await messageOf(() => rows.length, 2000);
  checkWords(message, ['too large', '`rows[', '2000 bytes', 'maxBytes']);
});

test('a value that is no function is refused', async () => {
  const notAFunction: unknown = 5;
  checkWords(await messageOf(notAFunction as AnyFunction), [
    '5 cannot be captured',
    'not a function',
  ]);
});

test('the error carries the name of the captured function', async () => {
  await assert.rejects(capture(esModule.promise), { function: 'promise', retryable: false });
});

async function messageOf(fn: AnyFunction | undefined, maxBytes?: number): Promise<string> {
  assert.ok(fn !== undefined);
  try {
    await capture(fn, maxBytes === undefined ? {} : { maxBytes });
  } catch (error) {
    assert.ok(isScatterError(error, 'SCATTER_ERR_CAPTURE_UNSUPPORTED'), String(error));
    return error.message;
  }
  return assert.fail('it was captured');
}

function checkWords(message: string, words: readonly string[]): void {
  let from = 0;
  for (const word of words) {
    const at = message.indexOf(word, from);
    assert.ok(at >= 0, `${JSON.stringify(word)} is not in its place in:\n${message}`);
    from = at + word.length;
  }
  assert.ok(!message.endsWith('.'));
}
