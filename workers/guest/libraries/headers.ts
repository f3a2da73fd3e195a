/** Headers of the Fetch Standard (https://fetch.spec.whatwg.org/#headers-class), without guards. */
import { asInterface } from './web-interface.ts';

type Pair = [name: string, value: string];

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const SET_COOKIE = 'set-cookie';

export class Headers {
  // Names in lower case, in the order in which they came.
  #list: Pair[] = [];
  #sorted: Pair[] | undefined;

  constructor(init?: unknown) {
    if (init === undefined) return;
    if ((typeof init !== 'object' && typeof init !== 'function') || init === null) {
      throw new TypeError('Headers are made of an object, of pairs, or of other Headers');
    }
    for (const [name, value] of pairsIn(init)) this.append(name, value);
  }

  append(name: unknown, value: unknown): void {
    const pair: Pair = [headerName(name), headerValue(value)];
    this.#change([...this.#list, pair]);
  }

  delete(name: unknown): void {
    const key = headerName(name);
    this.#change(this.#list.filter(([other]) => other !== key));
  }

  get(name: unknown): string | null {
    const values = this.#valuesOf(headerName(name));
    return values.length === 0 ? null : values.join(', ');
  }

  getSetCookie(): string[] {
    return this.#valuesOf(SET_COOKIE);
  }

  has(name: unknown): boolean {
    const key = headerName(name);
    return this.#list.some(([other]) => other === key);
  }

  set(name: unknown, value: unknown): void {
    const pair: Pair = [headerName(name), headerValue(value)];
    const at = this.#list.findIndex(([other]) => other === pair[0]);
    const others = this.#list.filter(([other]) => other !== pair[0]);
    this.#change(at < 0 ? [...others, pair] : others.toSpliced(at, 0, pair));
  }

  forEach(callback: unknown, self?: unknown): void {
    if (typeof callback !== 'function') throw new TypeError('forEach needs a function to call');
    for (const [name, value] of this) Reflect.apply(callback, self, [value, name, this]);
  }

  *entries(): Generator<Pair, void> {
    // By position: what is added while somebody goes through them is met, as the standard wants it.
    for (let at = 0; at < this.#pairs().length; at += 1) yield [...(this.#pairs()[at] as Pair)];
  }

  *keys(): Generator<string, void> {
    for (const [name] of this.entries()) yield name;
  }

  *values(): Generator<string, void> {
    for (const [, value] of this.entries()) yield value;
  }

  #change(list: Pair[]): void {
    this.#list = list;
    this.#sorted = undefined;
  }

  #valuesOf(name: string): string[] {
    return this.#list.filter(([other]) => other === name).map(([, value]) => value);
  }

  /** Sorted by name and combined, but for cookies. */
  #pairs(): Pair[] {
    this.#sorted ??= [...new Set(this.#list.map(([name]) => name))]
      .sort()
      .flatMap((name): Pair[] => {
        const values = this.#valuesOf(name);
        if (name === SET_COOKIE) return values.map((value) => [name, value]);
        return [[name, values.join(', ')]];
      });
    return this.#sorted;
  }

  // What the class declares for the compiler; the method itself is put there below.
  declare [Symbol.iterator]: () => Generator<Pair, void>;
}

asInterface(Headers);
Object.defineProperty(Headers.prototype, Symbol.iterator, {
  value: Headers.prototype.entries,
  writable: true,
  configurable: true,
});

/** @throws TypeError for what is neither pairs nor an object of texts */
function pairsIn(init: object): Iterable<readonly [unknown, unknown]> {
  const iterator: unknown = Reflect.get(init, Symbol.iterator);
  if (iterator === undefined || iterator === null) {
    return Reflect.ownKeys(init).flatMap((key): [unknown, unknown][] => {
      const isListed = Object.getOwnPropertyDescriptor(init, key)?.enumerable;
      return isListed ? [[key, Reflect.get(init, key)]] : [];
    });
  }
  return Array.from(init as Iterable<Iterable<unknown>>, (given) => {
    const pair = typeof given === 'string' ? [] : [...given];
    if (pair.length !== 2) throw new TypeError('each header is a name and a value');
    return pair as unknown as readonly [unknown, unknown];
  });
}

function headerName(given: unknown): string {
  const name = byteString(given);
  if (!TOKEN.test(name)) throw new TypeError(`${JSON.stringify(name)} is no name of a header`);
  return name.toLowerCase();
}

function headerValue(given: unknown): string {
  const value = byteString(given).replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');
  if (!/[\0\n\r]/.test(value)) return value;
  throw new TypeError('the value of a header cannot have line ends or zeros');
}

/** https://webidl.spec.whatwg.org/#js-ByteString */
export function byteString(given: unknown): string {
  const text = `${given}`;
  if (!/[^\0-\xff]/.test(text)) return text;
  throw new TypeError('headers have characters up to U+00FF only');
}
