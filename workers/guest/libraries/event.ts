/** Event of the DOM Standard (https://dom.spec.whatwg.org/#interface-event). */
import { elapsedMs } from '../clock.ts';
import { asInterface, defineConstants } from './web-interface.ts';

export interface EventOptions {
  readonly bubbles?: unknown;
  readonly cancelable?: unknown;
  readonly composed?: unknown;
}

/** What dispatching changes in an event. */
export interface DispatchState {
  target: object | null;
  isDispatched: boolean;
  inPassiveListener: boolean;
  isStopped: boolean;
  isStoppedAtOnce: boolean;
  isCanceled: boolean;
}

const AT_TARGET = 2;

/** The state of an event, which throws for what is none. */
export let dispatchStateOf: (event: Event) => DispatchState;

export class Event {
  readonly #type: string;
  readonly #options: Readonly<Record<keyof EventOptions, boolean>>;
  readonly #timeStamp = elapsedMs();
  readonly #state: DispatchState = {
    target: null,
    isDispatched: false,
    inPassiveListener: false,
    isStopped: false,
    isStoppedAtOnce: false,
    isCanceled: false,
  };

  static {
    dispatchStateOf = (event) => event.#state;
  }

  constructor(...args: readonly [type?: unknown, options?: EventOptions | null]) {
    if (args.length === 0) throw new TypeError('an Event needs its type');
    const [type, options] = args;
    const { bubbles, cancelable, composed } = options ?? {};
    this.#type = `${type}`;
    this.#options = {
      bubbles: Boolean(bubbles),
      cancelable: Boolean(cancelable),
      composed: Boolean(composed),
    };
  }

  get type(): string {
    return this.#type;
  }

  get target(): object | null {
    return this.#state.target;
  }

  get srcElement(): object | null {
    return this.#state.target;
  }

  get currentTarget(): object | null {
    return this.#state.isDispatched ? this.#state.target : null;
  }

  get eventPhase(): number {
    return this.#state.isDispatched ? AT_TARGET : 0;
  }

  get bubbles(): boolean {
    return this.#options.bubbles;
  }

  get cancelable(): boolean {
    return this.#options.cancelable;
  }

  get composed(): boolean {
    return this.#options.composed;
  }

  get defaultPrevented(): boolean {
    return this.#state.isCanceled;
  }

  get returnValue(): boolean {
    return !this.#state.isCanceled;
  }

  set returnValue(value: unknown) {
    if (!value) this.preventDefault();
  }

  get cancelBubble(): boolean {
    return this.#state.isStopped;
  }

  set cancelBubble(value: unknown) {
    if (value) this.stopPropagation();
  }

  get timeStamp(): number {
    return this.#timeStamp;
  }

  /** No event here comes from a user. */
  get isTrusted(): boolean {
    return this.#type === undefined;
  }

  composedPath(): object[] {
    const { isDispatched, target } = this.#state;
    return isDispatched && target !== null ? [target] : [];
  }

  preventDefault(): void {
    const state = this.#state;
    if (this.#options.cancelable && !state.inPassiveListener) state.isCanceled = true;
  }

  stopPropagation(): void {
    this.#state.isStopped = true;
  }

  stopImmediatePropagation(): void {
    this.#state.isStopped = true;
    this.#state.isStoppedAtOnce = true;
  }
}

asInterface(Event);
defineConstants(Event, { NONE: 0, CAPTURING_PHASE: 1, AT_TARGET, BUBBLING_PHASE: 3 });
