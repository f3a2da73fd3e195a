/** How a guest comes to objects: those of its own, and what its language and its globals give it. */

/** Instances whose prototypes no name leads to. Runs in a guest by its text. */
export function languageRoots(): Record<string, unknown> {
  const trace = Error as unknown as { prepareStackTrace: unknown };
  trace.prepareStackTrace = (_error: unknown, sites: unknown[]) => sites;
  const [site] = new Error('for its frames').stack as unknown as unknown[];
  Reflect.deleteProperty(trace, 'prepareStackTrace');
  return {
    'a generator function': function* () {
      yield 1;
    },
    'a generator': (function* () {
      yield 1;
    })(),
    'an async function': async () => undefined,
    'an async generator function': async function* () {
      yield 1;
    },
    'an async generator': (async function* () {
      yield 1;
    })(),
    'an array iterator': [][Symbol.iterator](),
    'a Map iterator': new Map().entries(),
    'a Set iterator': new Set().values(),
    'a string iterator': ''[Symbol.iterator](),
    'a RegExp string iterator': ''.matchAll(/x/g),
    'an iterator helper': [].values().map((x) => x),
    'a wrapped iterator': Iterator.from({ next: () => ({ done: true, value: undefined }) }),
    'an argument list': (function () {
      // biome-ignore lint/complexity/noArguments: it is what is looked at.
      return arguments;
    })(),
    'a sloppy argument list': new Function('return arguments')(),
    'a class': class {},
    'a bound function': (() => undefined).bind(null),
    'a promise': Promise.resolve(),
    'a revocable proxy': Proxy.revocable({}, {}),
    'an error': new Error('x'),
    'a template': ((strings: TemplateStringsArray) => strings)`a`,
    'a typed array': new Uint8Array(1),
    'a buffer': new Uint8Array(1).buffer,
    'a frame of a stack': site,
  };
}

/** What the guest's own globals give. Runs in a guest by its text, and uses all that is loaded late. */
export function worldRoots(): Record<string, unknown> {
  const url = new URL('https://b\u00fccher.example/?a=b');
  const controller = new AbortController();
  const event = new CustomEvent('x', { detail: 1 });
  const target = new EventTarget();
  target.addEventListener('x', () => undefined, { signal: controller.signal });
  target.dispatchEvent(event);
  const any = AbortSignal.any([controller.signal]);
  any.onabort = () => undefined;
  controller.abort();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  decoder.decode(new TextEncoder().encode(atob(btoa('x'))));
  crypto.randomUUID();
  return {
    'what is used above under no name of its own': [Event, DOMException, URLSearchParams].length,
    'a URL': url,
    'search parameters': url.searchParams,
    'an iterator of search parameters': url.searchParams.entries(),
    'an encoder': new TextEncoder(),
    'a result of encodeInto': new TextEncoder().encodeInto('x', new Uint8Array(1)),
    'a decoder': decoder,
    'a controller': controller,
    'a signal': any,
    'an event': event,
    'a target': target,
    'a DOMException': controller.signal.reason,
    'random values': crypto.getRandomValues(new Uint8Array(1)),
    'a clone': structuredClone({ a: [new Map(), /x/, new Error('x')] }),
    'a timer': setTimeout(() => undefined, 1),
    'a result of queueMicrotask': queueMicrotask(() => undefined),
  };
}

/** What an artifact is given, and what that gives. Runs in a guest by its text. */
export function scatterRoots(scatter: {
  capability(index: number): Record<string, unknown>;
  link(index: number): unknown;
}): Record<string, unknown> {
  const capability = scatter.capability(0);
  return {
    $scatter: scatter,
    'a capability': capability,
    'a member of a capability': capability['member'],
    'a linked function': scatter.link(0),
  };
}
