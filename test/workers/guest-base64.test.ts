import { test } from 'node:test';
import { startGuest } from './in-guest.ts';

const { assertSameAsNode } = startGuest();

test('btoa and atob of a guest give what those of Node give', () =>
  assertSameAsNode(() => {
    const all = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('');
    const texts = ['', 'a', 'ab', 'abc', 'abcd', all, all.repeat(100)];
    return [texts.map(btoa), texts.map((text) => atob(btoa(text)) === text), btoa(12 as never)];
  }));

test('atob forgives white space and padding that is missing, and nothing else', () =>
  assertSameAsNode(() => {
    const inputs = [
      'YQ==',
      'YQ',
      ' Y\tQ\n=\f= ',
      'YQ=',
      'YQ===',
      'Y',
      'YWI=',
      'YWI',
      'YR==',
      '=',
      '====',
      'Y=Q=',
      'YQ=='.repeat(2),
      'YQ-_',
      'Y€',
      '\u00a0YQ==',
      'null',
    ];
    return inputs.map((input) => {
      try {
        return atob(input);
      } catch (error) {
        const { name, code } = error as DOMException;
        return [name, code, error instanceof DOMException];
      }
    });
  }));

test('btoa throws an InvalidCharacterError beyond U+00FF, and both a TypeError for nothing', () =>
  assertSameAsNode(() => {
    const attempts = [
      () => btoa('\u0100'),
      () => btoa('a€'),
      () => Reflect.apply(btoa, undefined, []),
      () => Reflect.apply(atob, undefined, []),
    ];
    return attempts.map((attempt) => {
      try {
        return attempt();
      } catch (error) {
        return (error as Error).name;
      }
    });
  }));
