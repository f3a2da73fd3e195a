import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AnyFunction } from '../../src/index.ts';

const MODULES = 20;
const FUNCTIONS_EACH = 10;

/** How many functions the root of a generated program reaches. */
export const REACHED = MODULES * FUNCTIONS_EACH;

/** Programs of 20 modules, whose root reaches 200 functions; each is a fresh one. */
export class Programs {
  readonly #folder = mkdtempSync(join(tmpdir(), 'scatter-bench-'));
  #made = 0;

  /** Writes and imports one more program. */
  async next(): Promise<{ readonly root: AnyFunction; readonly all: readonly AnyFunction[] }> {
    this.#made += 1;
    const folder = join(this.#folder, `program-${this.#made}`);
    mkdirSync(folder);
    for (let module = 0; module < MODULES; module += 1) {
      writeFileSync(join(folder, `module-${module}.mjs`), moduleText(module));
    }
    const modules = await Promise.all(
      Array.from({ length: MODULES }, (_, module): Promise<Record<string, AnyFunction>> => {
        return import(pathToFileURL(join(folder, `module-${module}.mjs`)).href);
      }),
    );
    const all = modules.flatMap((one) => Object.values(one));
    const root = modules[0]?.['f0'];
    if (root === undefined) throw new Error('the program has no root');
    return { root, all };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Functions of a few lines; each calls the next one of its module, the last one the next module. */
function moduleText(module: number): string {
  const functions = Array.from({ length: FUNCTIONS_EACH }, (_, index) => {
    const isLast = index === FUNCTIONS_EACH - 1;
    const next = isLast ? (module === MODULES - 1 ? 'Number' : 'onward') : `f${index + 1}`;
    return `export function f${index}(order, depth = 0) {
  const total = order.lines.reduce((sum, { net, count }) => sum + net * count, 0);
  if (total > limits.most || depth > limits.depth) return ${next}(0);
  return ${next}({ ...order, lines: [...order.lines, { net: total * rates.${'abc'[index % 3]}, count: 1 }] }, depth + 1);
}
`;
  });
  const onward = `import { f0 as onward } from './module-${module + 1}.mjs';\n`;
  return `${module === MODULES - 1 ? '' : onward}
const rates = { a: 1.19, b: 1.07, c: ${module}.5 };
const limits = { most: 10_000, depth: 3 };
${functions.join('\n')}`;
}
