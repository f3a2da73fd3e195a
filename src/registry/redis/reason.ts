/** What went wrong, in the words of the server, the client or Node, without what only they can use. */
export function reasonOf(error: unknown): string {
  return fromScript(messageOf(error))
    .replace(/ script: \w+, on @user_script:\d+\.?$/, '')
    .replace(/\.? Please (report|check) .*$/s, '')
    .replace(/^NOAUTH HELLO .*$/s, 'NOAUTH Authentication required')
    .replace(/^(MISCONF .*?)\. .*$/s, '$1')
    .replace(/[.\s]+$/, '');
}

// Redis 6 tells what a script met within an error of its own.
function fromScript(message: string): string {
  const pattern =
    /^ERR Error running script \(call to \w+\): (?:@user_script: ?\d+: )*-?(?<inner>.*)$/s;
  return pattern.exec(message)?.groups?.['inner'] ?? message;
}

// One attempt for each address of a name that fails gives an error without a message of its own.
function messageOf(error: unknown): string {
  if (error instanceof AggregateError) {
    return error.message || error.errors.map(messageOf).join(', ');
  }
  return error instanceof Error ? error.message : String(error);
}
