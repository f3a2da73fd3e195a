import type { Script } from './script.ts';

// What is parsed takes about a hundred times its text: 100 MB. Enough for the files of most programs; a
// long watch session must not keep every version of each.
const MOST_CHARACTERS = 1_000_000;

/** Scripts that were parsed, the one used last at the end. */
export class ScriptCache {
  readonly #scripts = new Map<string, Script>();
  readonly #byPath = new Map<string, Script>();

  get(id: string): Script | undefined {
    const script = this.#scripts.get(id);
    if (script === undefined) return undefined;
    this.#scripts.delete(id);
    this.#scripts.set(id, script);
    return script;
  }

  /** TypeScript may name a file with `.js`. */
  ofFile(path: string): Script | undefined {
    return this.#byPath.get(plainPath(path));
  }

  add(script: Script): Script {
    this.#scripts.set(script.id, script);
    if (script.file !== undefined) this.#byPath.set(plainPath(script.file.path), script);
    return script;
  }

  /** Lets go of those that were not used for longest. Not during a capture, which compares by identity. */
  trim(): void {
    let characters = 0;
    for (const script of [...this.#scripts.values()].reverse()) {
      characters += script.source.length;
      if (characters > MOST_CHARACTERS) this.#drop(script);
    }
  }

  #drop(script: Script): void {
    this.#scripts.delete(script.id);
    const path = script.file && plainPath(script.file.path);
    if (path !== undefined && this.#byPath.get(path) === script) this.#byPath.delete(path);
  }
}

export function plainPath(path: string): string {
  return path.replace(/\.([cm]?)[jt]sx?$/, '.$1js');
}
