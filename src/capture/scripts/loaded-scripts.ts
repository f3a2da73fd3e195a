import type { ScriptText } from './inspected.ts';

/** What V8 tells of a script that it has compiled. */
export interface ScriptNotice {
  readonly scriptId: string;
  readonly url: string;
  readonly isModule?: boolean;
  readonly startLine: number;
  readonly startColumn: number;
}

/** Sends a command to the inspector and gives its answer. */
export type Post = <Answer>(method: string, params?: object) => Answer;

const MOST_TEXTS = 2000;

/**
 * The scripts of the process. V8 tells of them only when the debugger is turned on, all of them each
 * time, and a debugger that stays on makes every `await` of the program about seven times slower. So it
 * is turned on rarely and off at once, and the texts of all the author's files are taken along.
 */
export class LoadedScripts {
  readonly #post: Post;
  readonly #notices = new Map<string, ScriptNotice>();
  /** Texts that nobody has asked for yet. */
  readonly #texts = new Map<string, ScriptText>();
  readonly #taken = new Set<string>();

  constructor(post: Post) {
    this.#post = post;
  }

  /** For every `Debugger.scriptParsed`. */
  notice(notice: ScriptNotice): void {
    this.#notices.set(notice.scriptId, notice);
  }

  read(id: string): ScriptText {
    const text = this.#texts.get(id) ?? this.#readNow(id);
    this.#texts.delete(id);
    return text;
  }

  /** The script that was loaded from a URL; the last one if there were several. */
  find(isWanted: (url: string) => boolean): ScriptText | undefined {
    const search = (): ScriptNotice | undefined =>
      [...this.#notices.values()].findLast(({ url }) => isWanted(url));
    const found = search() ?? this.#withDebugger(search);
    return found && this.read(found.scriptId);
  }

  #readNow(id: string): ScriptText {
    return this.#withDebugger(() => {
      const others = [...this.#notices.values()].filter(
        ({ scriptId, url }) => isAuthors(url) && !this.#taken.has(scriptId),
      );
      for (const { scriptId } of others) this.#texts.set(scriptId, this.#take(scriptId));
      return this.#texts.get(id) ?? this.#take(id);
    });
  }

  #withDebugger<Result>(run: () => Result): Result {
    this.#notices.clear();
    this.#post('Debugger.enable');
    try {
      return run();
    } finally {
      this.#post('Debugger.disable');
      this.#forget();
    }
  }

  #take(id: string): ScriptText {
    this.#taken.add(id);
    const { scriptSource } = this.#post<{ scriptSource: string }>('Debugger.getScriptSource', {
      scriptId: id,
    });
    const notice = this.#notices.get(id);
    return {
      id,
      url: notice?.url ?? '',
      isModule: notice?.isModule === true,
      start: { line: notice?.startLine ?? 0, column: notice?.startColumn ?? 0 },
      source: scriptSource,
    };
  }

  /** Only the author's files are asked for by their names. */
  #forget(): void {
    for (const [id, { url }] of this.#notices) if (!isAuthors(url)) this.#notices.delete(id);
    for (const id of this.#texts.keys()) {
      if (this.#texts.size <= MOST_TEXTS) break;
      this.#texts.delete(id);
    }
  }
}

function isAuthors(url: string): boolean {
  return /^(file:|\/)/.test(url) && !url.includes('/node_modules/');
}
