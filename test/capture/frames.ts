/** What a stack says of its frames. */
export interface Frame {
  readonly line: number;
  readonly column: number;
}

/** The places in the stack of what `run` throws, those that `file` is in. */
export async function framesOf(run: () => unknown, file: string): Promise<Frame[]> {
  try {
    await run();
  } catch (error) {
    const places = String((error as Error).stack).matchAll(/([^\s()]+):(\d+):(\d+)\)?$/gm);
    return Array.from(places)
      .filter(([, path = '']) => path.endsWith(file))
      .map(([, , line, column]) => ({ line: Number(line), column: Number(column) }));
  }
  throw new Error('it did not throw');
}
