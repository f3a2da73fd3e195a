/** The guest's global object: what is taken away, and what is ours. */
import {
  FunctionPrototype,
  globalThis as guestGlobal,
  ObjectDefineProperty,
  ObjectFreeze,
  Promise,
  PromisePrototypeThen,
  SharedArrayBufferPrototype,
  TypeError,
} from '../../src/codec/primordials.ts';
import { guestConsole, logUncaught } from './console.ts';
import { structuredClone } from './structured-clone.ts';
import { clearTimeout, setImmediate, setInterval, setTimeout } from './timers.ts';
