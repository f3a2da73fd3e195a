/** What a worker thread is told when it starts: descriptors are inherited, so numbers are enough. */
export interface ServeTask {
  /** The thread's own lane, a socket. */
  readonly laneFd: number;
  /** The watch file. */
  readonly watchFd: number;
  /** The thread's slot in the watch file. */
  readonly index: number;
  /** Heap of the isolates that are made ahead, MB. */
  readonly memoryMb: number;
}
