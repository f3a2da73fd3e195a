import { isScatterError } from '../src/errors.ts';
import { toJson } from './json.ts';
import { shownLine, shownText } from './shown-text.ts';

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
      process.stdout.write(json ? `${toJson(data)}\n` : lines.map(shownLineEnd).join(''));
    },
    talk(line) {
      process.stderr.write(shownLineEnd(line));
    },
    failure(error) {
      const message = error instanceof Error ? error.message : String(error);
      process.stderr.write(shownLineEnd(`scatter: ${message}${guestFrames(error)}`));
      if (json) process.stdout.write(`${toJson({ error: reportOf(error, message) })}\n`);
    },
  };
}

/** Rows under a heading, in columns as wide as they need to be. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [heading, ...rows].map((row) => row.map(shownLine));
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

/** A reader that has seen enough, such as `head`, ends the output and is no failure. */
export function allowReadersToLeave(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

function shownLineEnd(line: string): string {
  return `${shownText(line)}\n`;
}

function reportOf(error: unknown, message: string): object {
  if (!isScatterError(error)) return { message };
  const { code, guest, file, line, column } = error;
  return { code, message, guest, file, line, column };
}

/** Where in the author's file the function threw; its name and message are said already. */
function guestFrames(error: unknown): string {
  const stack = isScatterError(error) ? (error.guest?.stack ?? '') : '';
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => `\n${line}`)
    .join('');
}
