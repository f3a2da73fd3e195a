import { createContext, runInContext, runInThisContext } from 'node:vm';
import { ECMASCRIPT_GLOBALS } from '../../model/ecmascript-globals.ts';
import { isObject } from './is-object.ts';
import { stringText } from './literal.ts';

// Intrinsics that no global names; each expression gives an object whose prototypes lead to them.
const HIDDEN: readonly string[] = [
  '(function* () {})',
  '(async function () {})',
  '(async function* () {})',
  '[][Symbol.iterator]()',
  'new Map()[Symbol.iterator]()',
  'new Set()[Symbol.iterator]()',
  '""[Symbol.iterator]()',
  '"".matchAll(/x/g)',
  '[].values().map((x) => x)',
  'Iterator.from({ next() {} })',
];

// What guests do not have of the globals that they have, see `workers/guest/world.ts`.
const NOT_IN_GUESTS: readonly string[] = [
  'ArrayBuffer.prototype.resize',
  'ArrayBuffer.prototype.resizable',
  'ArrayBuffer.prototype.maxByteLength',
  'Date.prototype.toTemporalInstant',
];

/** The same object in a realm that nobody has touched, and in this one. */
interface Twin {
  readonly fresh: object;
  readonly here: object;
  readonly text: string;
}

/**
 * The objects of the language itself as this program has them, with the expression that names each
 * in a guest. Which there are is read from a fresh realm: what a program or a package has patched
 * into its own is the author's code, and is left out.
 */
export function findIntrinsics(): Map<object, string> {
  const found = new Map<object, string>();
  const seen = new Set<object>();
  const enter = (twin: Twin): Twin[] => {
    if (seen.has(twin.fresh) || !isSameKind(twin.fresh, twin.here)) return [];
    seen.add(twin.fresh);
    if (!found.has(twin.here)) found.set(twin.here, twin.text);
    return [twin];
  };
  // Members first and breadth first, so that everything has its plainest name.
  for (let round = seeds(); round.length > 0; ) {
    const entered: Twin[] = [];
    for (const twin of round) {
      for (const one of enter(twin)) {
        entered.push(one);
        round.push(...membersOf(one));
      }
    }
    round = entered.flatMap(prototypeOf);
  }
  return found;
}

function seeds(): Twin[] {
  const realm = createContext();
  const twins = (text: string): Twin[] => {
    const fresh: unknown = runInContext(text, realm);
    const here: unknown = runInThisContext(text);
    return isObject(fresh) && isObject(here) ? [{ fresh, here, text }] : [];
  };
  const named = ECMASCRIPT_GLOBALS.filter((name) => name !== 'globalThis').flatMap(twins);
  // The objects themselves are new ones each time; only what they inherit is intrinsic.
  return [...named, ...HIDDEN.flatMap(twins).flatMap(prototypeOf)];
}

function membersOf({ fresh, here, text }: Twin): Twin[] {
  return Reflect.ownKeys(fresh).flatMap((key) => {
    const access = accessTo(key);
    const there = Object.getOwnPropertyDescriptor(fresh, key);
    const own = Object.getOwnPropertyDescriptor(here, key);
    if (access === undefined || there === undefined || own === undefined) return [];
    if (NOT_IN_GUESTS.includes(text + access.suffix)) return [];
    const accessor = `Object.getOwnPropertyDescriptor(${text}, ${access.key})`;
    return [
      ...twinOf(there.value, own.value, text + access.suffix),
      ...twinOf(there.get, own.get, `${accessor}.get`),
      ...twinOf(there.set, own.set, `${accessor}.set`),
    ];
  });
}

function prototypeOf({ fresh, here, text }: Twin): Twin[] {
  const expression = `Object.getPrototypeOf(${text})`;
  return twinOf(Object.getPrototypeOf(fresh), Object.getPrototypeOf(here), expression);
}

function twinOf(fresh: unknown, here: unknown, text: string): Twin[] {
  return isObject(fresh) && isObject(here) ? [{ fresh, here, text }] : [];
}

function accessTo(key: string | symbol): { key: string; suffix: string } | undefined {
  if (typeof key === 'symbol') {
    const name = wellKnownName(key);
    return name === undefined ? undefined : { key: name, suffix: `[${name}]` };
  }
  const text = stringText(key);
  return { key: text, suffix: /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${text}]` };
}

/** `Symbol.iterator` and its like, which all realms share. */
export function wellKnownName(symbol: symbol): string | undefined {
  const name = symbol.description?.startsWith('Symbol.') ? symbol.description.slice(7) : '';
  return Reflect.get(Symbol, name) === symbol ? `Symbol.${name}` : undefined;
}

/** A function that stands where V8 has another one is not V8's. */
function isSameKind(fresh: object, here: object): boolean {
  if (typeof fresh !== 'function') return typeof here !== 'function';
  if (typeof here !== 'function') return false;
  return Function.prototype.toString.call(fresh) === Function.prototype.toString.call(here);
}
