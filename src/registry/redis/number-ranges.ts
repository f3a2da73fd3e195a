/**
 * Lists of numbers as text, runs of consecutive ones in short: `1-4,7`. A function with a thousand
 * versions is read by every instance at every change.
 */
export function formatRanges(numbers: readonly number[]): string {
  const runs: [first: number, last: number][] = [];
  for (const number of numbers) {
    const run = runs.at(-1);
    if (run !== undefined && run[1] + 1 === number) run[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}

/** The numbers; undefined for text that is no such list, or one of more than `most`. */
export function parseRanges(text: string, most: number): number[] | undefined {
  const numbers: number[] = [];
  for (const run of text === '' ? [] : text.split(',')) {
    const [, first, last = first] = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(run) ?? [];
    const [from, to] = [Number(first), Number(last)];
    // A few bytes can name a million numbers.
    if (!(from <= to) || numbers.length + to - from >= most) return undefined;
    for (let number = from; number <= to; number++) numbers.push(number);
  }
  return numbers;
}
