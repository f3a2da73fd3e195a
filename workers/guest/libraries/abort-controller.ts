/** AbortController of the DOM Standard (https://dom.spec.whatwg.org/#interface-abortcontroller). */
import { type AbortSignal, abortSignal, newSignal } from './abort-signal.ts';
import { asInterface } from './web-interface.ts';

export class AbortController {
  readonly #signal = newSignal();

  get signal(): AbortSignal {
    return this.#signal;
  }

  abort(reason?: unknown): void {
    abortSignal(this.#signal, reason);
  }
}

asInterface(AbortController);
