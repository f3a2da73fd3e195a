// Control characters and those that turn the direction of writing.
const STEERING = /[\p{Cc}\p{Bidi_Control}]/gu;
const LAYOUT = new Set(['\n', '\t']);

/**
 * Text as a terminal may be given it. Messages, sources, errors and console lines were written by
 * others: what would move the cursor or hide text is shown as its escape.
 */
export function shownText(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(STEERING, (sign) => (LAYOUT.has(sign) ? sign : escapeOf(sign)));
}

/** The same on one line. */
export function shownLine(text: string): string {
  return text.replace(STEERING, escapeOf);
}

function escapeOf(sign: string): string {
  if (sign === '\n') return '\\n';
  if (sign === '\t') return '\\t';
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
