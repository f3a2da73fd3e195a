import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type TransformOptions, transformSync } from 'esbuild';
import { capture } from '../../src/capture/index.ts';
import type { AnyFunction } from '../../src/model/function-type.ts';
import { codePlaces } from '../../src/pool/code-places.ts';
import { evaluate } from './evaluate.ts';
import { framesOf } from './frames.ts';

const folder = mkdtempSync(join(tmpdir(), 'scatter-compiled-'));
writeFileSync(join(folder, 'package.json'), '{ "name": "compiled" }');
after(() => rmSync(folder, { recursive: true }));

const SOURCE = `enum Level { Low, High }
interface Order { readonly id: number }
type Check = (order: Order) => number;

function fail(order: Order,
              level: Level = Level.Low): never {
  throw new RangeError(\`order \${order.id as number} at \${level}\`);
}
export const arrow = (order: Order): number => fail(order);
export const generic = <T extends Order,>(order: T) => (fail(order), order satisfies Order);
export const template = (order: Order) => \`a \${fail(order) as string} \${'}'}\`;
export const plain = (order: Order) => ({ id: fail(order), x: [1, 2] as const });
export const block = async (order: Order, ...rest: readonly number[]): Promise<void> => {
  const inner = (other: Order) => fail(other);
  await inner(order);
};
export function declared(this: void, order: Order): number {
  return fail(order) + 1;
}
export const { method } = {
  method(order: Order): number { return fail(order); },
};
export const expression = function (order: Order) { return fail(order); };
export const lines = (order: Order): unknown =>
  [order]
    .map((one) => fail(one)) // there is none
    .filter((one) => one > 1);
export const twice = (): Check => (order) => fail(order);
export const made = twice();
`;

const WRITTEN: Record<string, string> = {
  arrow: '(order: Order): number => fail(order)',
  generic: '<T extends Order,>(order: T) => (fail(order), order satisfies Order)',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a template
  template: "(order: Order) => `a ${fail(order) as string} ${'}'}`",
  plain: '(order: Order) => ({ id: fail(order), x: [1, 2] as const })',
  block: between('async (order', '};'),
  declared: between('function declared', '}\n'),
  method: 'method(order: Order): number { return fail(order); }',
  expression: 'function (order: Order) { return fail(order); }',
  lines: between('(order: Order): unknown', '> 1)'),
  twice: '(): Check => (order) => fail(order)',
  made: '(order) => fail(order)',
};

const FORMS: Record<string, TransformOptions> = {
  'lines that were kept apart': {},
  'names that were kept': { keepNames: true },
  'everything on one line': { minifyWhitespace: true },
  'CommonJS in place of modules': { format: 'cjs', platform: 'node', keepNames: true },
};

for (const [form, options] of Object.entries(FORMS)) {
  describe(`a script compiled from TypeScript, with ${form}`, () => {
    for (const name of Object.keys(WRITTEN).filter((one) => one !== 'twice')) {
      test(`${name}: frames point into the TypeScript, and it is the source`, async () => {
        const { fn, map } = await compiled(name, options);
        const artifact = await capture(fn);
        assert.equal(artifact.origin.source, WRITTEN[name]);
        const guest = evaluate(artifact);
        const frames = await framesOf(() => guest({ id: 4 }), 'artifact');
        const ending = options.format === 'cjs' ? '.cjs' : '.mjs';
        const expected = await framesOf(() => Reflect.apply(fn, undefined, [{ id: 4 }]), ending);
        const places = codePlaces(artifact.origin);
        const depth = Math.min(frames.length, expected.length, 2);
        assert.ok(depth > 0);
        assert.deepEqual(
          frames.slice(0, depth).map(({ line, column }) => places(line, column)),
          expected.slice(0, depth).map(({ line, column }) => {
            const { lineNumber, columnNumber } = map.findOrigin(line, column) as {
              lineNumber: number;
              columnNumber: number;
            };
            return `orders.ts:${lineNumber}:${columnNumber}`;
          }),
        );
      });
    }
  });
}

test('a function that makes a function keeps its own source', async () => {
  const { fn } = await compiled('twice', {});
  assert.equal((await capture(fn)).origin.source, WRITTEN['twice']);
});

test('a map in a file of its own, and the original read from the disk', async () => {
  const { code, map } = transformSync(SOURCE, {
    loader: 'ts',
    sourcemap: 'external',
    sourcefile: 'on-disk.ts',
    sourcesContent: false,
  });
  writeFileSync(join(folder, 'on-disk.ts'), SOURCE);
  writeFileSync(join(folder, 'on-disk.mjs.map'), map);
  const text = `${code}//# sourceMappingURL=on-disk.mjs.map\n`;
  const arrow = await load('on-disk.mjs', text, 'arrow');
  const { origin } = await capture(arrow);
  assert.deepEqual(JSON.parse(origin.map).sources, ['on-disk.ts']);
  assert.equal(origin.source, WRITTEN['arrow']);
});

test('a map that cannot be read costs the original and no more', async () => {
  const broken = ['data:application/json;base64,e30=', 'data:application/json,%7B', 'gone.map'];
  for (const [index, url] of broken.entries()) {
    const code = 'export const f = (x) => x;\n';
    const text = `${code}//# sourceMappingURL=${url}\n`;
    const f = await load(`broken-${index}.mjs`, text, 'f');
    const { source, map } = (await capture(f)).origin;
    assert.equal(source, '(x) => x');
    assert.deepEqual(JSON.parse(map).sources, [`broken-${index}.mjs`]);
  }
});

let files = 0;

async function compiled(
  name: string,
  options: TransformOptions,
): Promise<{ fn: AnyFunction; map: SourceMap }> {
  const { code, map } = transformSync(SOURCE, {
    loader: 'ts',
    sourcemap: 'both',
    sourcefile: join(folder, 'orders.ts'),
    ...options,
  });
  files += 1;
  const ending = options.format === 'cjs' ? 'cjs' : 'mjs';
  const fn = await load(`compiled-${files}.${ending}`, code, name);
  return { fn, map: new SourceMap(JSON.parse(map)) };
}

async function load(file: string, code: string, name: string): Promise<AnyFunction> {
  const path = join(folder, file);
  writeFileSync(path, code);
  const exported: Record<string, AnyFunction> = await import(pathToFileURL(path).href);
  const fn = exported[name];
  assert.ok(fn);
  return fn;
}

function between(start: string, end: string): string {
  const at = SOURCE.indexOf(start);
  return SOURCE.slice(at, SOURCE.indexOf(end, at) + end.trimEnd().replace(';', '').length);
}
