/** Keeps the import directions, the owners of libraries and the size of files. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { posix } from 'node:path';
import { test } from 'node:test';
import { type AnyNode, type Node, parse } from 'acorn';

const root = new URL('../', import.meta.url);
const files = globSync('{src,workers,cli,bench}/**/*.{ts,cjs}', { cwd: root }).sort();
const texts = new Map(files.map((file) => [file, readFileSync(new URL(file, root), 'utf8')]));

/** A stage may import what stands before it; the stages of one row do not import each other. */
const STAGES: readonly (readonly string[])[] = [
  ['errors'],
  ['model'],
  ['codec', 'capture'],
  ['registry', 'pool'],
  ['reload'],
  ['scatter'],
  ['capabilities'],
  ['cli', 'bench'],
];

/** The only files that may import a library; a folder ends with `/`. */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  piscina: ['src/pool/', 'bench/'],
  'isolated-vm': ['workers/'],
  'node:sqlite': ['src/registry/'],
  msgpackr: ['src/registry/'],
  acorn: ['src/capture/'],
  '@jridgewell': ['src/capture/emit/code-map.ts'],
  esbuild: ['src/capture/'],
  'eslint-scope': ['src/capture/'],
  estree: ['src/capture/'],
  'node:inspector': ['src/capture/'],
  'node:async_hooks': ['src/capability-scope.ts'],
  'node:child_process': ['src/pool/executor.ts', 'bench/'],
  commander: ['cli/'],
  ioredis: ['src/registry/redis.ts'],
  'p-limit': ['src/reload/handle-set.ts', 'src/linked-calls.ts', 'src/capabilities/allow-fetch.ts'],
  undici: ['src/capabilities/'],
  fastify: ['src/fastify/'],
};

function stageOf(file: string): string {
  const [top = '', second = ''] = file.split('/');
  if (top !== 'src') return top;
  if (file === 'src/errors.ts') return 'errors';
  return second.endsWith('.ts') ? 'scatter' : second;
}

function rowOf(stage: string): number {
  return STAGES.findIndex((row) => row.includes(stage));
}

function importsOf(file: string): string[] {
  const found = withoutComments(texts.get(file) ?? '').matchAll(
    /(?:from|import)\s*\(?\s*'([^'\s]+)'/g,
  );
  return [...found].map(([, specifier = '']) => specifier);
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/ .*/g, '');
}

function targetOf(file: string, specifier: string): string {
  return posix.join(posix.dirname(file), specifier);
}

for (const file of files.filter((one) => !one.startsWith('workers/'))) {
  test(`${file} imports only leftwards`, () => {
    const stage = stageOf(file);
    assert.notEqual(rowOf(stage), -1, `${stage} is no stage`);
    for (const specifier of importsOf(file).filter((one) => one.startsWith('.'))) {
      const target = targetOf(file, specifier);
      if (target.startsWith('workers/')) {
        assert.equal(file, 'src/pool/sync.ts', `${file} reaches into workers/`);
        continue;
      }
      const other = stageOf(target);
      const allowed = other === stage || rowOf(other) < rowOf(stage);
      assert.ok(allowed, `${file} (${stage}) imports ${target} (${other})`);
    }
  });
}

test('workers import only errors, model and codec', () => {
  for (const file of files.filter((one) => one.startsWith('workers/'))) {
    for (const specifier of importsOf(file).filter((one) => one.startsWith('.'))) {
      assert.match(
        targetOf(file, specifier),
        /^(workers|src\/codec|src\/model)\/|^src\/errors\.ts$/,
      );
    }
  }
});

test('every library has its owner', () => {
  for (const file of files) {
    for (const specifier of importsOf(file)) {
      const owners = OWNERS[specifier.split('/')[0] ?? ''] ?? OWNERS[specifier];
      if (owners === undefined) continue;
      assert.ok(
        owners.some((owner) => (owner.endsWith('/') ? file.startsWith(owner) : file === owner)),
        `${file} imports ${specifier}`,
      );
    }
  }
});

test('every library that the sources import has an owner', () => {
  for (const file of files.filter((one) => !one.startsWith('bench/'))) {
    for (const specifier of importsOf(file)) {
      if (/^(\.|node:)/.test(specifier)) continue;
      const name = specifier.split('/')[0] ?? '';
      assert.ok(name in OWNERS, `${file} imports ${specifier}, which is nobody's in OWNERS`);
    }
  }
});

test('console and process.exit are used only where a program begins', () => {
  const allowed = /^(cli|bench)\/|^src\/pool\/executor-main\.ts$/;
  for (const [file, text] of texts) {
    if (allowed.test(file)) continue;
    assert.doesNotMatch(text, /\bprocess\.exit\(/, file);
    assert.doesNotMatch(text, /^\s*console\.\w+\(/m, file);
  }
});

test('no file is longer than 250 lines, half are under 80', () => {
  const lengths = [...texts].map(([file, text]) => ({ file, lines: text.split('\n').length - 1 }));
  for (const { file, lines } of lengths) assert.ok(lines <= 250, `${file} has ${lines} lines`);
  const sorted = lengths.map(({ lines }) => lines).sort((a, b) => a - b);
  assert.ok((sorted[sorted.length >> 1] ?? 0) < 80);
});

test('no function is longer than 60 lines, nine of ten have up to 25', () => {
  const lengths = [...texts].flatMap(([file, text]) =>
    functionsOf(text).map(({ loc }) => {
      const lines = (loc?.end.line ?? 0) - (loc?.start.line ?? 0) + 1;
      assert.ok(lines <= 60, `the function at ${file}:${loc?.start.line} has ${lines} lines`);
      return lines;
    }),
  );
  assert.ok(lengths.length > 1000, 'the functions were not found');
  assert.ok(lengths.filter((lines) => lines <= 25).length > 0.9 * lengths.length);
});

test('the files that the docs name exist', () => {
  const pages = globSync('{docs/*.md,CONTRIBUTING.md}', { cwd: root });
  const names = globSync('{src,workers,cli,test}/**/*', { cwd: root });
  for (const page of pages) {
    const text = readFileSync(new URL(page, root), 'utf8');
    const named = [...text.matchAll(/`([\w/.-]+\.(?:ts|cjs))`/g)].map(([, name = '']) => name);
    for (const name of named) {
      const exists = names.some((one) => one === name || one.endsWith(`/${name}`));
      assert.ok(exists, `${page} names ${name}`);
    }
  }
});

test('nothing is typed away', () => {
  for (const [file, text] of texts) {
    const code = withoutComments(text);
    assert.doesNotMatch(text, /@ts-(?:ignore|expect-error|nocheck)/, file);
    assert.doesNotMatch(code, /(?:: ?|<|as )any\b/, file);
  }
});

function functionsOf(text: string): Node[] {
  const found: Node[] = [];
  // Stripping leaves every line where it is.
  const code = stripTypeScriptTypes(text);
  const onEach = (node: AnyNode): void => {
    if (/Function/.test(node.type)) found.push(node);
  };
  eachNode(
    parse(code, {
      ecmaVersion: 'latest',
      sourceType: 'module',
      locations: true,
      allowHashBang: true,
    }),
    onEach,
  );
  return found;
}

function eachNode(node: object, onEach: (node: AnyNode) => void): void {
  if ('type' in node && typeof node.type === 'string') onEach(node as AnyNode);
  for (const child of Object.values(node)) {
    if (typeof child === 'object' && child !== null) eachNode(child, onEach);
  }
}
