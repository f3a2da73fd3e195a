/** Event handler attributes, such as `onabort` (https://html.spec.whatwg.org/#event-handler-attributes). */
import type { Event } from './event.ts';
import type { EventTarget } from './event-target.ts';

type Handler = ((this: EventTarget, event: Event) => unknown) | null;

/** One handler, which keeps its place among the listeners when another function takes it. */
export class EventHandler {
  #handler: Handler = null;
  #isListening = false;

  get handler(): Handler {
    return this.#handler;
  }

  set(target: EventTarget, type: string, handler: unknown): void {
    this.#handler = typeof handler === 'function' ? (handler as Handler) : null;
    if (this.#isListening || this.#handler === null) return;
    this.#isListening = true;
    target.addEventListener(type, (event: Event) => this.#handler?.call(target, event));
  }
}
