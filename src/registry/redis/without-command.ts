/**
 * An error of the client without what was sent: a password may be among it, and code, which would stay in
 * memory and get into logs that print whole errors.
 */
export function withoutCommand(error: unknown): unknown {
  if (typeof error !== 'object' || error === null) return error;
  Reflect.deleteProperty(error, 'command');
  if (error instanceof AggregateError) for (const one of error.errors) withoutCommand(one);
  if ('lastNodeError' in error) withoutCommand(error.lastNodeError);
  if ('cause' in error) withoutCommand(error.cause);
  return error;
}
