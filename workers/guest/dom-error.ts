import { useLibrary } from './libraries.ts';

/** A DOMException, for which its library is loaded. */
export function newDOMException(message: string, name: string): Error {
  const { DOMException } = useLibrary('dom-exception') as {
    DOMException: new (message: string, name: string) => Error;
  };
  return new DOMException(message, name);
}
