import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { call, guest, startPool } from '../pool/support.ts';
import { startGuest } from './in-guest.ts';

const { inGuest, assertSameAsNode } = startGuest();

describe("a guest's Event", () => {
  it('has the fields of that of Node', () =>
    assertSameAsNode(() => {
      const plain = new Event('x');
      const full = new Event('y', { bubbles: true, cancelable: true, composed: true });
      const custom = new CustomEvent('z', { detail: { a: 1 }, cancelable: true });
      full.preventDefault();
      plain.preventDefault();
      return [plain, full, custom].map((event) => [
        event.type,
        event.bubbles,
        event.cancelable,
        event.composed,
        event.defaultPrevented,
        event.returnValue,
        event.target,
        event.currentTarget,
        event.eventPhase,
        event.isTrusted,
        event.composedPath(),
        event instanceof Event,
        String(event),
        Reflect.get(event, 'detail'),
      ]);
    }));

  it('needs a type', async () => {
    const name = await inGuest(() => {
      try {
        return Reflect.construct(Event, []);
      } catch (error) {
        return (error as Error).name;
      }
    });
    assert.equal(name, 'TypeError');
  });
});

describe("a guest's EventTarget", () => {
  it('calls listeners in order, once each, those that capture first, with the target', async () => {
    // Node calls them in another order than the DOM Standard.
    const [seen, during, after] = (await inGuest(() => {
      const seen: string[] = [];
      const target = new EventTarget();
      const both = (event: Event): unknown => seen.push(`both ${event.type}`);
      target.addEventListener('x', both);
      target.addEventListener('x', both);
      target.addEventListener('x', both, { capture: true });
      target.addEventListener('x', { handleEvent: () => seen.push('object') });
      target.addEventListener('x', () => seen.push('once'), { once: true });
      target.addEventListener('other', () => seen.push('never'));
      const event = new Event('x');
      let during: unknown;
      target.addEventListener('x', () => {
        during = [event.target === target, event.currentTarget === target, event.eventPhase];
      });
      const dispatch = (): unknown => seen.push(`${target.dispatchEvent(event)}`);
      dispatch();
      dispatch();
      target.removeEventListener('x', both);
      dispatch();
      target.removeEventListener('x', both, true);
      dispatch();
      return [seen, during, [event.target === target, event.currentTarget, event.eventPhase]];
    })) as unknown[][];
    const rounds = (seen ?? []).join(', ').split(/, true,? ?/);
    assert.deepEqual(rounds, [
      'both x, both x, object, once',
      'both x, both x, object',
      'both x, object',
      'object',
      '',
    ]);
    assert.deepEqual(during, [true, true, 2]);
    assert.deepEqual(after, [true, null, 0]);
  });

  it('follows stopImmediatePropagation, preventDefault and passive', () =>
    assertSameAsNode(() => {
      const target = new EventTarget();
      const seen: string[] = [];
      target.addEventListener('a', (event) => event.preventDefault(), { passive: true });
      const passive = target.dispatchEvent(new Event('a', { cancelable: true }));
      target.addEventListener('b', (event) => event.preventDefault());
      const canceled = target.dispatchEvent(new Event('b', { cancelable: true }));
      const not = target.dispatchEvent(new Event('b'));
      target.addEventListener('c', (event) => event.stopImmediatePropagation());
      target.addEventListener('c', () => seen.push('never'));
      target.dispatchEvent(new Event('c'));
      return [passive, canceled, not, seen];
    }));

  it('does not call listeners that were added or removed meanwhile', () =>
    assertSameAsNode(() => {
      const target = new EventTarget();
      const seen: string[] = [];
      const third = (): unknown => seen.push('third');
      target.addEventListener('x', () => {
        seen.push('first');
        target.removeEventListener('x', third);
        target.addEventListener('x', () => seen.push('late'), { once: true });
      });
      target.addEventListener('x', third);
      target.dispatchEvent(new Event('x'));
      return seen;
    }));

  it('removes a listener whose signal is aborted', () =>
    assertSameAsNode(() => {
      const target = new EventTarget();
      const controller = new AbortController();
      const seen: string[] = [];
      target.addEventListener('x', () => seen.push('x'), { signal: controller.signal });
      target.dispatchEvent(new Event('x'));
      controller.abort();
      target.dispatchEvent(new Event('x'));
      target.addEventListener('x', () => seen.push('too late'), { signal: controller.signal });
      target.dispatchEvent(new Event('x'));
      return seen;
    }));

  it('can be extended, and refuses an event twice at a time and what is none', async () => {
    const outcome = await inGuest(() => {
      class Store extends EventTarget {
        names: string[] = [];
        put(name: string): void {
          this.dispatchEvent(new CustomEvent('put', { detail: name }));
        }
      }
      const store = new Store();
      store.addEventListener('put', (event) => store.names.push((event as CustomEvent).detail));
      store.put('a');
      const errors: unknown[] = [];
      const attempt = (action: () => unknown): void => {
        try {
          action();
        } catch (error) {
          errors.push([(error as Error).name, (error as DOMException).code]);
        }
      };
      store.addEventListener('again', (event) => attempt(() => store.dispatchEvent(event)));
      store.dispatchEvent(new Event('again'));
      attempt(() => store.dispatchEvent({ type: 'x' } as Event));
      attempt(() => store.addEventListener('x', 5 as never));
      return [store.names, errors];
    });
    assert.deepEqual(outcome, [
      ['a'],
      [
        ['InvalidStateError', 11],
        ['TypeError', undefined],
        ['TypeError', undefined],
      ],
    ]);
  });

  it('reports what a listener throws, and goes on', async () => {
    const pool = startPool();
    const lines: string[] = [];
    const target = guest(
      'throwing',
      `() => {
        const target = new EventTarget();
        const seen = [];
        target.addEventListener('x', () => { throw new Error('from a listener'); });
        target.addEventListener('x', () => seen.push('second'));
        target.dispatchEvent(new Event('x'));
        return seen;
      }`,
    );
    const seen = await call(pool, target, [], { onLog: (line) => lines.push(line.text) });
    assert.deepEqual(seen, ['second']);
    assert.match(lines.join('\n'), /^Uncaught Error: from a listener/);
  });
});
