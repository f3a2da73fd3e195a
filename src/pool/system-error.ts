/** Whether the system, or Node's permissions, refused something; the error's `code` says what. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error;
}
