/** CustomEvent of the DOM Standard (https://dom.spec.whatwg.org/#interface-customevent). */
import { Event, type EventOptions } from './event.ts';
import { asInterface } from './web-interface.ts';

interface CustomEventOptions extends EventOptions {
  readonly detail?: unknown;
}

export class CustomEvent extends Event {
  readonly #detail: unknown;

  constructor(...args: readonly [type?: unknown, options?: CustomEventOptions | null]) {
    super(...args);
    this.#detail = args[1]?.detail ?? null;
  }

  get detail(): unknown {
    return this.#detail;
  }
}

asInterface(CustomEvent);
