import { refuse } from './refusal.ts';
import { subjectOf, type Trail, variableOf } from './trail.ts';

const SHORTEST_SECRET = 8;

// Of these everybody knows the values, and programs use them as plain words and paths.
const WELL_KNOWN = new Set([
  'EDITOR',
  'HOME',
  'HOSTNAME',
  'LANG',
  'LOGNAME',
  'NODE',
  'NODE_ENV',
  'OLDPWD',
  'PATH',
  'PWD',
  'SHELL',
  'TERM',
  'TZ',
  'USER',
]);

/**
 * Keeps secrets out of artifacts, which everybody who reads the registry can read: a string that is
 * the value of an environment variable, or a URL with a password in it.
 */
export class SecretCheck {
  readonly #allowed: readonly string[];
  #environment: ReadonlyMap<string, string> | undefined;

  /** @param allowed variables, or places in them such as `config.db.url`, whose strings may travel */
  constructor(allowed: readonly string[]) {
    this.#allowed = allowed;
  }

  /** @throws Refusal */
  check(text: string, trail: Trail): void {
    if (text.length < SHORTEST_SECRET) return;
    const variable = this.#variableWith(text);
    if (variable === undefined && !hasPassword(text)) return;
    const subject = subjectOf(trail);
    const names = [subject.slice(1, -1), variableOf(trail)];
    if (this.#allowed.some((name) => names.includes(name))) return;
    const what =
      variable === undefined
        ? 'is a URL with a password in it'
        : `has the value of the environment variable ${variable}`;
    const instead =
      variable === undefined
        ? 'pass it as an argument, or read it from `process.env` inside the function'
        : `use \`process.env.${variable}\`, and list ${variable} in \`env\` where the function runs`;
    refuse(
      `${subject} ${what}, and would lie readable in the registry`,
      `${instead}; if it is no secret: track(fn, { allowCaptured: ['${names[0]}'] })`,
      trail,
    );
  }

  #variableWith(text: string): string | undefined {
    this.#environment ??= readEnvironment();
    return this.#environment.get(text);
  }
}

function readEnvironment(): ReadonlyMap<string, string> {
  const entries = Object.entries(process.env).filter(
    ([name]) => !WELL_KNOWN.has(name) && !name.startsWith('npm_'),
  );
  return new Map(entries.map(([name, value]) => [value ?? '', name]));
}

function hasPassword(text: string): boolean {
  if (!/^[a-z][\w+.-]*:\/\/[^/?#]*:[^/?#]*@/i.test(text)) return false;
  const address = URL.parse(text);
  return address !== null && address.password !== '';
}
