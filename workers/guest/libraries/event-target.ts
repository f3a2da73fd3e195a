/** EventTarget of the DOM Standard (https://dom.spec.whatwg.org/#interface-eventtarget), without a tree. */
import { logUncaught } from '../console.ts';
import { newDOMException } from '../dom-error.ts';
import { type DispatchState, dispatchStateOf, type Event } from './event.ts';
import { asInterface } from './web-interface.ts';

type Callback = ((event: Event) => unknown) | { handleEvent(event: Event): unknown };

interface ListenerOptions {
  readonly capture?: unknown;
  readonly once?: unknown;
  readonly passive?: unknown;
  readonly signal?: EventTarget & { readonly aborted: boolean };
}

interface Listener {
  readonly type: string;
  readonly callback: Callback;
  readonly capture: boolean;
  readonly once: boolean;
  readonly passive: boolean;
  isRemoved: boolean;
}

export class EventTarget {
  #listeners: readonly Listener[] = [];

  addEventListener(type: unknown, callback: unknown, options?: ListenerOptions | boolean): void {
    const { capture, once, passive, signal } = listenerOptions(options);
    const listeners = this.#listeners;
    checkSignal(signal);
    if (callback === null || callback === undefined) return;
    checkCallback(callback);
    if (signal?.aborted) return;
    const listener = {
      type: `${type}`,
      callback,
      capture: Boolean(capture),
      once: Boolean(once),
      passive: Boolean(passive),
      isRemoved: false,
    };
    if (listeners.some((one) => isSame(one, listener))) return;
    this.#listeners = [...listeners, listener];
    signal?.addEventListener('abort', () => this.#remove(listener), { once: true });
  }

  removeEventListener(
    type: unknown,
    callback: unknown,
    options?: Pick<ListenerOptions, 'capture'> | boolean,
  ): void {
    const capture = Boolean(listenerOptions(options).capture);
    const wanted = { type: `${type}`, callback, capture };
    const listener = this.#listeners.find((one) => isSame(one, wanted));
    if (listener !== undefined) this.#remove(listener);
  }

  /** Calls the listeners; what one throws is reported as uncaught, and the next one is called. */
  dispatchEvent(event: Event): boolean {
    const state = stateOf(event);
    if (state.isDispatched) {
      throw newDOMException('the event is being dispatched already', 'InvalidStateError');
    }
    state.target = this;
    state.isDispatched = true;
    this.#callAll(event, state, true);
    this.#callAll(event, state, false);
    state.isDispatched = false;
    state.isStopped = false;
    state.isStoppedAtOnce = false;
    return !state.isCanceled;
  }

  /** Those that capture come before the others, although there is no way down to the target here. */
  #callAll(event: Event, state: DispatchState, capture: boolean): void {
    if (state.isStopped) return;
    const { type } = event;
    for (const listener of this.#listeners) {
      if (listener.isRemoved || listener.type !== type || listener.capture !== capture) continue;
      this.#call(listener, event, state);
      if (state.isStoppedAtOnce) return;
    }
  }

  #call(listener: Listener, event: Event, state: DispatchState): void {
    if (listener.once) this.#remove(listener);
    state.inPassiveListener = listener.passive;
    const { callback } = listener;
    try {
      if (typeof callback === 'function') Reflect.apply(callback, this, [event]);
      else callback.handleEvent(event);
    } catch (thrown) {
      logUncaught(thrown);
    }
    state.inPassiveListener = false;
  }

  #remove(listener: Listener): void {
    listener.isRemoved = true;
    this.#listeners = this.#listeners.filter((one) => one !== listener);
  }
}

asInterface(EventTarget);

function listenerOptions(options: ListenerOptions | boolean | undefined): ListenerOptions {
  return typeof options === 'object' && options !== null ? options : { capture: options };
}

function checkSignal(signal: ListenerOptions['signal']): void {
  if (signal === undefined || signal instanceof EventTarget) return;
  throw new TypeError('the signal of a listener is an AbortSignal');
}

function checkCallback(callback: unknown): asserts callback is Callback {
  if (typeof callback === 'function' || typeof callback === 'object') return;
  throw new TypeError('a listener is a function, or an object with the method handleEvent');
}

function isSame(one: Listener, other: Pick<Listener, 'type' | 'capture'> & { callback: unknown }) {
  return (
    one.callback === other.callback && one.type === other.type && one.capture === other.capture
  );
}

function stateOf(event: unknown): DispatchState {
  try {
    return dispatchStateOf(event as Event);
  } catch (cause) {
    throw new TypeError('dispatchEvent needs an Event', { cause });
  }
}
