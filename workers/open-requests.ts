import { REQUEST_KIND } from '../src/codec/frame-kinds.ts';
import type { LoadSpec } from '../src/model/load-spec.ts';
import type { OpenCalls } from './open-calls.ts';
import type { GuestRecord } from './records.ts';

const REQUEST_HEAD = 8;

/** Which call each unanswered request of an isolate belongs to. */
export class OpenRequests {
  readonly #spec: LoadSpec;
  readonly #calls = new Map<number, number>();

  constructor(spec: LoadSpec) {
    this.#spec = spec;
  }

  /**
   * Takes the request of a REQUEST record, or says by `false` that it is none: only a call that is
   * open may ask, and only for what the function declares.
   */
  open(record: GuestRecord, calls: OpenCalls): boolean {
    if (record.body.byteLength < REQUEST_HEAD || !this.#isDeclared(record)) return false;
    const callId = record.body.readUInt32LE(0);
    // Not whoever is to blame: it would ask with the capabilities and the context of another call.
    if (!calls.has(callId)) return false;
    this.#calls.set(record.id, callId);
    return true;
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

  #isDeclared({ detail, body }: GuestRecord): boolean {
    const { linkCount, capabilityCount } = this.#spec;
    const declared = detail === REQUEST_KIND.LINK ? linkCount : capabilityCount;
    return body.readUInt32LE(4) < declared;
  }
}
