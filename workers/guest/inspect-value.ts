/**
 * The text of one `console.log(...args)`, at most 10,000 characters. What a hostile getter or
 * proxy throws passes through.
 */
export function formatLog(args: readonly unknown[]): string {
  throw new Error(`not yet: ${args.length}`);
}
