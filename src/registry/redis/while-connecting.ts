/**
 * Runs a step of making a connection. When the signal says that it is enough, or the step fails, what was
 * opened is closed, so that whatever it was asked for rejects.
 *
 * @throws what the step throws, or `no answer` with the code `ETIMEDOUT`
 */
export async function whileConnecting<T>(
  signal: AbortSignal,
  close: () => void,
  step: () => Promise<T>,
): Promise<T> {
  signal.addEventListener('abort', close);
  try {
    signal.throwIfAborted();
    return await step();
  } catch (error) {
    close();
    throw signal.aborted ? noAnswer('no answer') : error;
  } finally {
    signal.removeEventListener('abort', close);
  }
}

export function noAnswer(message: string): Error {
  return Object.assign(new Error(message), { code: 'ETIMEDOUT' });
}
