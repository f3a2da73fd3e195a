import assert from 'node:assert/strict';
import type { Scatter } from '../../src/index.ts';
import type { Honest } from './honest.ts';

/** A function that gets new versions all the time, and callers who never hear of one that is over. */
export class Pushed {
  readonly #scatter: Scatter;
  #versions = 0;

  constructor(scatter: Scatter) {
    this.#scatter = scatter;
  }

  get versions(): number {
    return this.#versions;
  }

  async push(): Promise<void> {
    const next = this.#versions + 1;
    const source = `export default (n) => ({ version: ${next}, n });`;
    const { version } = await this.#scatter.pushSource('pushed', source);
    assert.equal(version, next);
    this.#versions = next;
  }

  /** Callers of a handle that follows. */
  async open(): Promise<Honest> {
    const fn = await this.#scatter.get<(n: number) => { version: number; n: number }>('pushed');
    return {
      name: 'pushed',
      call: async (n) => {
        const least = fn.version;
        const answer = await fn(n);
        // The push that is under way may be seen before it is told.
        const most = this.#versions + 1;
        assert.equal(answer.n, n);
        assert.ok(
          answer.version >= least && answer.version <= most,
          `version ${answer.version} answered, between ${least} and ${most} were right`,
        );
      },
    };
  }
}
