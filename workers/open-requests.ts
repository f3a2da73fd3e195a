/** Which call each unanswered request of an isolate belongs to. */
export class OpenRequests {
  readonly #calls = new Map<number, number>();

  open(requestId: number, callId: number): void {
    this.#calls.set(requestId, callId);
  }

  /** The call that asked, or undefined for an answer nobody waits for. */
  close(requestId: number): number | undefined {
    const callId = this.#calls.get(requestId);
    this.#calls.delete(requestId);
    return callId;
  }

  clear(): void {
    this.#calls.clear();
  }
}
