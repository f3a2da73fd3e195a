import { Session } from 'node:inspector';
import { ScatterError } from '../errors.ts';
import type { AnyFunction } from '../model/function-type.ts';

/** What V8 knows about a live function. */
export interface InspectedFunction {
  /** Undefined for a function without source of its own: native or bound. */
  readonly location: ScriptLocation | undefined;
  /** Innermost first; the last one is the global object. */
  readonly scopes: readonly LiveScope[];
  readonly isBound: boolean;
}

/** Counted from 0, as V8 does. */
export interface ScriptLocation {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** A copy of one scope's variables. Reading a variable in its dead zone throws; `in` is safe. */
export interface LiveScope {
  /** `Global`, `Script`, `Module`, `Closure`, `Block`, `Catch`, `With`, `Eval` or `Local`. */
  readonly kind: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The text V8 compiled, and what it says about it. */
export interface ScriptText {
  readonly id: string;
  readonly url: string;
  readonly isModule: boolean;
  readonly source: string;
}

interface InternalProperty {
  readonly name: string;
  readonly value?: { readonly objectId?: string; readonly value?: ScriptLocation };
}

interface ScriptParsed {
  readonly params: { readonly scriptId: string; readonly url: string; readonly isModule?: boolean };
}

interface RemoteAnswer {
  readonly result: { readonly objectId?: string };
  readonly exceptionDetails?: { readonly text: string };
}

const GROUP = 'scatter-capture';

/**
 * Looks into functions of its own thread through the inspector, which answers at once there. The
 * Runtime and Debugger domains of one session do not disturb a debugger that is attached through
 * another.
 */
export class Inspector {
  readonly #session = new Session();
  /** Live values change hands with the inspector in here. */
  readonly #desk: { subject?: unknown; scopes?: unknown } = {};
  readonly #scripts = new Map<string, ScriptParsed['params']>();
  #deskId: string | undefined;
  #isDebugging = false;

  inspect(fn: AnyFunction): InspectedFunction {
    const properties = this.#internalProperties(fn);
    const named = (name: string) => properties.find((property) => property.name === name)?.value;
    const scopesId = named('[[Scopes]]')?.objectId;
    return {
      location: named('[[FunctionLocation]]')?.value,
      scopes: scopesId === undefined ? [] : this.#readScopes(scopesId),
      isBound: named('[[TargetFunction]]') !== undefined,
    };
  }

  /** Turns the debugger on if need be; {@link settle} turns it off. */
  readScript(id: string): ScriptText {
    this.#startDebugging();
    const { scriptSource } = this.#post<{ scriptSource: string }>('Debugger.getScriptSource', {
      scriptId: id,
    });
    const script = this.#scripts.get(id);
    return {
      id,
      url: script?.url ?? '',
      isModule: script?.isModule === true,
      source: scriptSource,
    };
  }

  /**
   * Lets go of what was looked at. A debugger left on would make every `await` of the program about
   * seven times slower, so this must follow every capture.
   */
  settle(): void {
    if (this.#deskId !== undefined)
      this.#post('Runtime.releaseObjectGroup', { objectGroup: GROUP });
    if (this.#isDebugging) this.#post('Debugger.disable');
    this.#isDebugging = false;
    this.#scripts.clear();
  }

  #internalProperties(fn: AnyFunction): readonly InternalProperty[] {
    const objectId = this.#remoteId(fn);
    // Without ownProperties the internal properties are missing from the answer.
    const answer = this.#post<{ internalProperties?: InternalProperty[] }>(
      'Runtime.getProperties',
      { objectId, ownProperties: true },
    );
    return answer.internalProperties ?? [];
  }

  #remoteId(fn: AnyFunction): string {
    this.#desk.subject = fn;
    try {
      return this.#callOnDesk('function () { return this.subject }', []);
    } finally {
      delete this.#desk.subject;
    }
  }

  #readScopes(scopesId: string): LiveScope[] {
    try {
      this.#callOnDesk('function (scopes) { this.scopes = scopes; return this }', [
        { objectId: scopesId },
      ]);
      const scopes = this.#desk.scopes as { description: string; object: LiveScope['variables'] }[];
      return Array.from(scopes, ({ description, object }) => ({
        kind: description.split(' ', 1)[0] ?? '',
        variables: object,
      }));
    } finally {
      delete this.#desk.scopes;
    }
  }

  #callOnDesk(functionDeclaration: string, args: readonly { objectId: string }[]): string {
    this.#deskId ??= this.#connect();
    return this.#remoteObject('Runtime.callFunctionOn', {
      objectId: this.#deskId,
      functionDeclaration,
      arguments: args,
      objectGroup: GROUP,
      silent: true,
    });
  }

  /** Gives the inspector hold of the desk, over a property that exists only for this moment. */
  #connect(): string {
    this.#session.connect();
    this.#session.on('Debugger.scriptParsed', ({ params }: ScriptParsed) => {
      this.#scripts.set(params.scriptId, params);
    });
    const key = Symbol.for('scatter.capture.desk');
    Object.defineProperty(process, key, { value: this.#desk, configurable: true });
    try {
      const expression = `process[Symbol.for(${JSON.stringify(key.description)})]`;
      return this.#remoteObject('Runtime.evaluate', { expression, silent: true });
    } finally {
      Reflect.deleteProperty(process, key);
    }
  }

  #startDebugging(): void {
    if (this.#isDebugging) return;
    this.#post('Debugger.enable');
    this.#isDebugging = true;
  }

  #remoteObject(method: string, params: object): string {
    const { result, exceptionDetails } = this.#post<RemoteAnswer>(method, params);
    if (exceptionDetails === undefined && result.objectId !== undefined) return result.objectId;
    throw inspectorTrouble(method, exceptionDetails?.text ?? 'it gave no object');
  }

  #post<Answer>(method: string, params: object = {}): Answer {
    let answer: object | undefined;
    let trouble: Error | null = null;
    this.#session.post(method, params, (error, result) => {
      trouble = error;
      answer = result;
    });
    if (answer !== undefined && trouble === null) return answer as Answer;
    throw inspectorTrouble(method, 'it did not answer at once', trouble);
  }
}

function inspectorTrouble(method: string, what: string, cause?: unknown): ScatterError {
  return new ScatterError(
    'SCATTER_ERR_CAPTURE_UNSUPPORTED',
    `the function cannot be looked into: the inspector refused ${method} (${what}); ` +
      'run Node with its inspector built in, and not while stopped in a debugger',
    { cause },
  );
}
