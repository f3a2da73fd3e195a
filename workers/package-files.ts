import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { escapeNonAscii } from './guest-source.ts';

const REQUIRE = /\brequire\((["'])([^"']+)\1\)/g;

/**
 * The files of npm packages that a file of one requires, and itself, as an object literal: for each id,
 * such as `whatwg-url/lib/URL.js`, a function around the file that a CommonJS loader can call.
 *
 * @param way the module to begin with, after modules by which it is found: it may be installed for
 * those alone
 * @param given ids of modules that are not read, because others are used in their place
 */
export function packageFiles(way: readonly string[], given: readonly string[]): string {
  const members = new Map<string, string>();
  const open = [way.reduce((from, specifier) => pathOf(specifier, from), import.meta.filename)];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const id = idOf(path);
    if (members.has(id)) continue;
    const { code, required } = readPackageFile(path, given);
    const head = 'function (module, exports, require, SharedArrayBuffer)';
    members.set(id, `${JSON.stringify(id)}: ${head} {\n${code}\n}`);
    open.push(...required);
  }
  return `{\n${[...members.values()].join(',\n')}\n}`;
}

function readPackageFile(
  path: string,
  given: readonly string[],
): { code: string; required: readonly string[] } {
  if (path.endsWith('.json')) return { code: jsonModule(path), required: [] };
  const text = escapeNonAscii(readFileSync(path, 'utf8'));
  const required: string[] = [];
  const code = text.replaceAll(REQUIRE, (_call, _quote, specifier: string) => {
    if (given.includes(specifier)) return `require(${JSON.stringify(specifier)})`;
    const target = pathOf(specifier, path);
    const id = idOf(target);
    if (!given.includes(id)) required.push(target);
    return `require(${JSON.stringify(id)})`;
  });
  return { code, required };
}

/**
 * The engine parses JSON in a third of the time that it needs for a literal. The text is UTF-8, each byte
 * of which is a character here; `escape` makes it one that can be decoded.
 */
function jsonModule(path: string): string {
  const text = JSON.stringify(readFileSync(path, 'latin1'));
  return `module.exports = JSON.parse(decodeURIComponent(escape(${text})));`;
}

/** As Node finds it; within a package without asking the file system. */
function pathOf(specifier: string, from: string): string {
  if (!specifier.startsWith('.')) return createRequire(from).resolve(specifier);
  const path = resolve(dirname(from), specifier);
  return /\.(?:js|json)$/.test(path) ? path : `${path}.js`;
}

/** The path within the folder of packages, whichever that is. */
function idOf(path: string): string {
  const [, id = path] = /.*[\\/]node_modules[\\/](.*)$/s.exec(path) ?? [];
  return id.replaceAll('\\', '/');
}
