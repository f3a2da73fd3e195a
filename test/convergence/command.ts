import type fc from 'fast-check';
import type { ModelWorld } from './model-world.ts';
import type { RealWorld } from './real-world.ts';

export type Command = fc.AsyncCommand<ModelWorld, RealWorld>;

/**
 * A step of a run.
 *
 * @param given what it was drawn with, for the report of a failure
 * @param run answers `false` if there was nothing to do
 */
export function command(
  kind: string,
  given: object,
  run: (model: ModelWorld, real: RealWorld) => Promise<unknown>,
  check: (model: Readonly<ModelWorld>) => boolean = () => true,
): Command {
  return {
    check,
    async run(model, real) {
      if ((await run(model, real)) !== false) real.statistics.command(kind);
    },
    toString: () => `${kind} ${JSON.stringify(given)}`,
  };
}

/** One of a list by any number; undefined of an empty one. */
export function pick<T>(list: readonly T[], number: number): T | undefined {
  return list[number % Math.max(1, list.length)];
}
