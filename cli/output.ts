import { isScatterError } from '../src/errors.ts';

/** Data goes to stdout, talk to stderr; with `--json` stdout gets one object and nothing else. */
export interface Output {
  /** Prints the result of a command: `lines` for people, `data` for programs. */
  result(data: object, lines: readonly string[]): void;
  /** Says something beside the result. */
  talk(line: string): void;
  failure(error: unknown): void;
}

export function findOutput(json: boolean): Output {
  return {
    result(data, lines) {
      process.stdout.write(
        json ? `${JSON.stringify(data)}\n` : lines.map((line) => `${line}\n`).join(''),
      );
    },
    talk(line) {
      process.stderr.write(`${line}\n`);
    },
    failure(error) {
      const message = error instanceof Error ? error.message : String(error);
      process.stderr.write(`scatter: ${message}\n`);
      if (!json) return;
      const code = isScatterError(error) ? { code: error.code } : {};
      process.stdout.write(`${JSON.stringify({ error: { ...code, message } })}\n`);
    },
  };
}

/** Rows under a heading, in columns as wide as they need to be. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [heading, ...rows];
  const widths = heading.map((_, column) =>
    Math.max(...all.map((row) => row[column]?.length ?? 0)),
  );
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
