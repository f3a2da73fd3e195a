import ivm from 'isolated-vm';

/** One isolate for many artifacts that give numbers, each in a context of its own. */
export class BareIsolate {
  readonly #isolate = new ivm.Isolate({ memoryLimit: 256 });

  /** What the function of an artifact gives for `argument`. */
  call(code: string, argument: number): unknown {
    const context = this.#isolate.createContextSync();
    try {
      return context.evalSync(`(${code})({})(${argument})`);
    } finally {
      context.release();
    }
  }

  dispose(): void {
    this.#isolate.dispose();
  }
}
