/** No timer may wait longer, in ms. */
const LONGEST_MS = 2 ** 31 - 1;

/** Keeps the program alive until the work is over: sockets and timers that do not are enough for it. */
export async function held<T>(work: Promise<T>): Promise<T> {
  const hold = setInterval(() => undefined, LONGEST_MS);
  try {
    return await work;
  } finally {
    clearInterval(hold);
  }
}
