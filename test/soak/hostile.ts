import type { Limits } from '../../src/index.ts';

/** A function that means harm, and the ends that its calls may come to. */
export interface Hostile {
  readonly name: string;
  readonly source: string;
  readonly ends: readonly string[];
  readonly limits?: Partial<Limits>;
}

/** What any call may come to while executors are killed around it, and a name is used again and again. */
export const ALWAYS_ALLOWED: readonly string[] = ['EXECUTOR_CRASHED', 'GUEST_QUARANTINED'];

const TIMEOUT = ['GUEST_TIMEOUT'];
const MEMORY = ['GUEST_OUT_OF_MEMORY', 'GUEST_TIMEOUT', 'CALL_CUT_OFF'];

/** Each makes a call fail, or an executor end; none may be noticed by anybody else. */
export const HOSTILE: readonly Hostile[] = [
  hostile('endless loop', '() => { for (;;); }', TIMEOUT),
  hostile('endless microtasks', 'async () => { for (;;) await 0; }', TIMEOUT),
  hostile(
    'loop after a timer',
    'async () => { await new Promise((done) => setTimeout(done, 1)); for (;;); }',
    TIMEOUT,
  ),
  hostile('never settles', '() => new Promise(() => {})', TIMEOUT),
  hostile('uninterruptible', '() => [].indexOf.call({ length: 2 ** 53 - 1 }, 1)', TIMEOUT),
  hostile(
    'hostile rejection',
    '() => { Promise.reject({ get message() { for (;;); } }); return 1; }',
    [...TIMEOUT, 'answered'],
  ),
  hostile('hostile getter', '() => ({ get value() { for (;;); } })', TIMEOUT),
  hostile(
    'hostile error',
    '() => { throw new Proxy(new Error(), { get() { for (;;); }, ownKeys() { for (;;); } }); }',
    TIMEOUT,
  ),
  hostile(
    'heap',
    '() => { const kept = []; for (;;) { const part = []; for (let i = 0; i < 1e4; i += 1) part.push(i + 0.5); kept.push(part); } }',
    MEMORY,
    { cpuMs: 2000 },
  ),
  hostile(
    'array buffers',
    '() => { const kept = []; for (;;) kept.push(new ArrayBuffer(2 ** 20)); }',
    [...MEMORY, 'GUEST_THREW'],
  ),
  hostile(
    'memory of the process',
    '() => { const kept = []; for (;;) kept.push(new Array(1000)); }',
    MEMORY,
    {
      cpuMs: 5000,
      memoryMb: 2000,
    },
  ),
  hostile('result bomb', "() => 'x'.repeat(20_000_000)", ['VALUE_TOO_LARGE', ...MEMORY]),
  hostile(
    'error bomb',
    "() => { throw Object.assign(new Error('x'.repeat(5_000_000)), { data: new Uint8Array(5_000_000) }); }",
    ['GUEST_THREW', ...MEMORY],
  ),
  hostile(
    'log bomb',
    "() => { for (let i = 0; i < 1e5; i += 1) console.log('x'.repeat(1000)); return 1; }",
    ['answered', ...TIMEOUT],
  ),
  hostile(
    'timer bomb',
    '() => { try { for (;;) setInterval(() => {}, 0); } catch {} return new Promise(() => {}); }',
    MEMORY,
  ),
  hostile(
    'isolate bomb',
    `() => { globalThis.kept ??= []; kept.push(new Uint8Array(3_000_000)); Array.prototype.push = null; return kept.length; }`,
    ['answered', 'GUEST_THREW', ...MEMORY],
  ),
  hostile('load bomb', '(() => { for (;;); })()', TIMEOUT),
  hostile('load hang', '[].indexOf.call({ length: 2 ** 53 - 1 }, 1)', TIMEOUT),
];

function hostile(
  name: string,
  expression: string,
  ends: readonly string[],
  limits: Partial<Limits> = {},
): Hostile {
  return { name, source: `export default ${expression};`, ends, limits };
}
