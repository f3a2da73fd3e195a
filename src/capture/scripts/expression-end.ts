const OPENING = '([{';
const CLOSING = ')]}';
// A line that ends with the first or begins with the second goes on.
const GOES_ON_AFTER = /[-+*/%=<>&|^!~?:,.([{]\s*$/;
const GOES_ON_BEFORE = /^\s*(?:[-+*/%=<>&|^?:,.()[\]`]|in\b|instanceof\b|as\b|satisfies\b)/;
const SKIPPED = new RegExp(
  [
    /(['"])(?:\\[\s\S]|(?!\1)[^\\\n])*\1/, // a string
    /\/\/[^\n]*|\/\*[\s\S]*?\*\//, // a comment
    /(?:as|satisfies)\s+[\w$.]+<[^;(){}\n]*?>+/, // a type with arguments
    /<[\w$.,\s[\]|<>'"]*>(?=\()/, // the type arguments of a call
  ]
    .map(({ source }) => source)
    .join('|'),
  'y',
);

/**
 * Where an expression of JavaScript or TypeScript that begins at `start` ends, told by its brackets:
 * the text before and behind is not looked at.
 *
 * @param closers how many of the brackets that are closed behind it belong to it, as in `({ a: 1 })`
 */
export function expressionEnd(text: string, start: number, closers = 0): number {
  let depth = closers;
  let end = start;
  for (let at = start; at < text.length; ) {
    const character = text[at] ?? '';
    const skipped = skip(text, at);
    if (skipped > at) {
      if (character !== '/') end = skipped;
      at = skipped;
      continue;
    }
    if (OPENING.includes(character)) depth += 1;
    if (CLOSING.includes(character)) depth -= 1;
    if (depth < 0 || (depth === 0 && stops(text, at, character))) return end;
    at += 1;
    if (depth === 0 && closers > 0) return at;
    if (character.trim() !== '') end = at;
  }
  return end;
}

function stops(text: string, at: number, character: string): boolean {
  if (character === ',' || character === ';') return true;
  if (character !== '\n') return false;
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  return !GOES_ON_AFTER.test(line) && !GOES_ON_BEFORE.test(text.slice(at + 1, at + 200));
}

/** The end of the string, comment or template that begins here; `at` if none does. */
function skip(text: string, at: number): number {
  if (text[at] === '`') return templateEnd(text, at);
  SKIPPED.lastIndex = at;
  return SKIPPED.test(text) ? SKIPPED.lastIndex : at;
}

function templateEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '`' && depth === 0) return at + 1;
    else if (text[at] === '$' && text[at + 1] === '{') depth += 1;
    else if (text[at] === '}' && depth > 0) depth -= 1;
    else if (text[at] === '`') at = templateEnd(text, at) - 1;
  }
  return text.length;
}
