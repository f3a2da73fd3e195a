import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failsWith } from '../pool/support.ts';
import { startGuest } from './in-guest.ts';

const { inGuest, assertSameAsNode } = startGuest();

describe("a guest's AbortController", () => {
  it('aborts its signal once, with a reason', () =>
    assertSameAsNode(() => {
      const controller = new AbortController();
      const { signal } = controller;
      const seen: unknown[] = [];
      signal.addEventListener('abort', (event) =>
        seen.push([event.type, event.target === signal, signal.aborted]),
      );
      signal.onabort = () => seen.push('onabort');
      const before = [signal.aborted, signal.reason, signal.throwIfAborted()];
      controller.abort('why');
      controller.abort('again');
      let thrown: unknown;
      try {
        signal.throwIfAborted();
      } catch (error) {
        thrown = error;
      }
      return [before, seen, signal.aborted, signal.reason, thrown, signal === controller.signal];
    }));

  it('gives an AbortError when it is given no reason', () =>
    assertSameAsNode(() => {
      const controller = new AbortController();
      controller.abort();
      const { reason } = controller.signal;
      return [reason.name, reason.code, reason.message, reason instanceof DOMException];
    }));
});

describe("a guest's AbortSignal", () => {
  it('cannot be constructed', () =>
    assertSameAsNode(() => {
      try {
        return Reflect.construct(AbortSignal, []);
      } catch (error) {
        return (error as Error).name;
      }
    }));

  it('abort() gives one that is aborted', () =>
    assertSameAsNode(() => {
      const signals = [AbortSignal.abort(), AbortSignal.abort(5), AbortSignal.abort(null)];
      return signals.map((signal) => [
        signal.aborted,
        signal.reason?.name ?? signal.reason,
        signal instanceof AbortSignal,
      ]);
    }));

  it('timeout() aborts with a TimeoutError, and refuses what is no number of milliseconds', () =>
    assertSameAsNode(async () => {
      const signal = AbortSignal.timeout(1);
      const before = signal.aborted;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      const refused = [-1, Number.NaN, Number.POSITIVE_INFINITY].map((ms) => {
        try {
          return AbortSignal.timeout(ms).aborted;
        } catch (error) {
          // Node's is a RangeError where Web IDL says TypeError.
          return error instanceof Error;
        }
      });
      return [before, signal.aborted, signal.reason.name, signal.reason.code, refused];
    }));

  it('any() follows the first of them, and those that they follow', () =>
    assertSameAsNode(() => {
      const [a, b] = [new AbortController(), new AbortController()];
      const either = AbortSignal.any([a.signal, b.signal]);
      const nested = AbortSignal.any([either, new AbortController().signal]);
      const seen: unknown[] = [];
      either.addEventListener('abort', () => seen.push(['either', nested.aborted]));
      nested.addEventListener('abort', () => seen.push(['nested', either.aborted]));
      a.signal.addEventListener('abort', () => seen.push(['a', either.aborted, nested.aborted]));
      b.abort('b');
      a.abort('a');
      return [
        seen,
        either.reason,
        nested.reason,
        AbortSignal.any([AbortSignal.abort(1), a.signal]).reason,
        AbortSignal.any([]).aborted,
      ];
    }));

  it('any() refuses what is no signal', () =>
    assertSameAsNode(() =>
      [[1], [{}], [new EventTarget()], 5].map((signals) => {
        try {
          return AbortSignal.any(signals as never);
        } catch (error) {
          return (error as Error).name;
        }
      }),
    ));

  it('cancels work of a guest as it does elsewhere', async () => {
    const outcome = await inGuest(async () => {
      const wait = (signal: AbortSignal): Promise<string> =>
        new Promise((resolve, reject) => {
          const timer = setTimeout(() => resolve('too late'), 20_000);
          signal.addEventListener('abort', () => {
            clearTimeout(timer);
            reject(signal.reason);
          });
        });
      return wait(AbortSignal.timeout(5)).catch((error) => `${error}`);
    });
    assert.match(String(outcome), /^TimeoutError: /);
  });
});

describe("a guest's DOMException", () => {
  it('has name, message, code and constants as that of Node', () =>
    assertSameAsNode(() => {
      const names = ['Error', 'AbortError', 'DataCloneError', 'SyntaxError', 'toString', ''];
      return [
        ...names.map((name) => {
          const error = new DOMException('text', name);
          return [error.name, error.message, error.code, String(error), Object.keys(error)];
        }),
        new DOMException().message,
        Object.entries(DOMException),
        Object.prototype.toString.call(new DOMException()),
        new DOMException() instanceof Error,
        Object.getPrototypeOf(DOMException) === Function.prototype,
        new DOMException('m', 'N').stack?.split('\n')[0],
      ];
    }));

  it('arrives at the caller with its name and message', async () => {
    await assert.rejects(
      inGuest(() => {
        throw new DOMException('not now', 'InvalidStateError');
      }),
      (error) => {
        assert.ok(failsWith('GUEST_THREW')(error));
        const { name, message } = (error as { guest: { name: string; message: string } }).guest;
        assert.deepEqual([name, message], ['InvalidStateError', 'not now']);
        return true;
      },
    );
  });
});
