import { refuse } from '../refusal/refusal.ts';
import { subjectOf, type Trail, variableOf } from '../refusal/trail.ts';

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

// Of these a longer text must not hold the value either, such as `Bearer …`.
const SECRET_NAME = /AUTH|CREDENTIAL|DSN|KEY|PASS|PWD|SECRET|TOKEN/i;

/**
 * Keeps secrets out of artifacts, which everybody who reads the registry can read: a string that is
 * the value of an environment variable, one that holds the value of a variable whose name says that
 * it is secret, or a URL with a password in it.
 */
export class SecretCheck {
  readonly #allowed: readonly string[];
  #environment: Environment | undefined;

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
        : `${this.#isValue(text) ? 'has' : 'contains'} the value of the environment variable ${variable}`;
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
    const { names, secrets } = this.#environment;
    return names.get(text) ?? secrets.find(([value]) => text.includes(value))?.[1];
  }

  #isValue(text: string): boolean {
    return this.#environment?.names.has(text) === true;
  }
}

interface Environment {
  /** Names of the variables by their values. */
  readonly names: ReadonlyMap<string, string>;
  /** Those whose values a longer text must not hold either. */
  readonly secrets: readonly (readonly [value: string, name: string])[];
}

function readEnvironment(): Environment {
  const entries = Object.entries(process.env).filter(
    ([name]) => !WELL_KNOWN.has(name) && !name.startsWith('npm_'),
  );
  const names = new Map(entries.map(([name, value]) => [value ?? '', name]));
  const secrets = [...names].filter(
    ([value, name]) => value.length >= SHORTEST_SECRET && SECRET_NAME.test(name),
  );
  return { names, secrets };
}

/** Also with `jdbc:` or a name before it, and with several hosts; not in running text. */
function hasPassword(text: string): boolean {
  const parts = text.trim().split('://');
  if (parts.length < 2 || /\s/.test(text.trim())) return false;
  return parts.slice(1).some((part) => {
    const [authority = ''] = /^[^/?#]*/.exec(part) ?? [];
    const user = authority.slice(0, Math.max(0, authority.lastIndexOf('@')));
    return user.includes(':') && !user.endsWith(':');
  });
}
