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
  /** Where V8 says that the first character stands; a loader may have told it another place. */
  readonly start: { readonly line: number; readonly column: number };
  readonly source: string;
}

/** A private member of a class or an instance; methods and accessors have no value. */
export interface PrivateMember {
  /** With its `#`. */
  readonly name: string;
  readonly value: unknown;
}

interface RemoteValue {
  readonly objectId?: string;
  readonly value?: unknown;
  readonly unserializableValue?: string;
}

interface NamedProperty {
  readonly name: string;
  readonly value?: RemoteValue;
}

interface PropertiesAnswer {
  readonly result?: readonly NamedProperty[];
  readonly internalProperties?: readonly NamedProperty[];
  readonly privateProperties?: readonly NamedProperty[];
}

interface ScriptParsed {
  readonly params: {
    readonly scriptId: string;
    readonly url: string;
    readonly isModule?: boolean;
    readonly startLine: number;
    readonly startColumn: number;
  };
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
  readonly #desk: { subject?: unknown } = Object.create(null);
  readonly #scripts = new Map<string, ScriptParsed['params']>();
  #deskId: string | undefined;
  /** The same, in the group of what is let go of: what is listed of it is let go of with it. */
  #deskInGroup: string | undefined;
  #isDebugging = false;
  #isSettling = false;

  inspect(fn: AnyFunction): InspectedFunction {
    const { internalProperties = [] } = this.#properties(fn);
    const named = (name: string) => internalProperties.find((one) => one.name === name)?.value;
    const scopesId = named('[[Scopes]]')?.objectId;
    return {
      location: named('[[FunctionLocation]]')?.value as ScriptLocation | undefined,
      scopes: scopesId === undefined ? [] : this.#readScopes(scopesId),
      isBound: named('[[TargetFunction]]') !== undefined,
    };
  }

  /** The private members of an instance, or the static ones of a class. */
  privateMembers(value: object): readonly PrivateMember[] {
    const { privateProperties = [] } = this.#properties(value);
    return privateProperties.map(({ name, value: remote }) => ({
      name,
      value: remote === undefined ? undefined : this.#liveValue(remote),
    }));
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
      start: { line: script?.startLine ?? 0, column: script?.startColumn ?? 0 },
      source: scriptSource,
    };
  }

  /** The script that was loaded from a URL; the last one if there were several. */
  findScript(isWanted: (url: string) => boolean): ScriptText | undefined {
    this.#startDebugging();
    const found = [...this.#scripts.values()].findLast(({ url }) => isWanted(url));
    return found && this.readScript(found.scriptId);
  }

  /**
   * Lets go of what was looked at, and turns the debugger off when the program's present run ends. Left
   * on, it would make every `await` of the program about seven times slower, so this must follow every
   * capture; turning it on tells of every script of the process, so captures that begin together share it.
   */
  settle(): void {
    if (this.#deskId !== undefined) {
      this.#post('Runtime.releaseObjectGroup', { objectGroup: GROUP });
      this.#deskInGroup = undefined;
    }
    if (!this.#isDebugging || this.#isSettling) return;
    this.#isSettling = true;
    queueMicrotask(() => {
      this.#isSettling = false;
      this.#isDebugging = false;
      this.#post('Debugger.disable');
      this.#scripts.clear();
    });
  }

  #properties(value: object): PropertiesAnswer {
    const objectId = this.#remoteId(value);
    // Without ownProperties the internal properties are missing from the answer.
    return this.#post('Runtime.getProperties', { objectId, ownProperties: true });
  }

  #remoteId(value: object): string {
    this.#desk.subject = value;
    try {
      // A list of properties costs a third of a call, for which V8 compiles a function.
      this.#deskInGroup ??= this.#callOnDesk('function () { return this }', []);
      const { result } = this.#post<PropertiesAnswer>('Runtime.getProperties', {
        objectId: this.#deskInGroup,
        ownProperties: true,
      });
      const id = result?.find(({ name }) => name === 'subject')?.value?.objectId;
      if (id !== undefined) return id;
      throw inspectorTrouble('Runtime.getProperties', 'it gave no object');
    } finally {
      delete this.#desk.subject;
    }
  }

  #readScopes(scopesId: string): LiveScope[] {
    const scopes = this.#liveValue({ objectId: scopesId }) as {
      description: string;
      object: LiveScope['variables'];
    }[];
    return Array.from(scopes, ({ description, object }) => ({
      kind: description.split(' ', 1)[0] ?? '',
      variables: object,
    }));
  }

  #liveValue({ objectId, value, unserializableValue }: RemoteValue): unknown {
    const argument: RemoteValue =
      objectId !== undefined
        ? { objectId }
        : unserializableValue !== undefined
          ? { unserializableValue }
          : { value };
    try {
      this.#callOnDesk('function (value) { this.subject = value; return this }', [argument]);
      return this.#desk.subject;
    } finally {
      delete this.#desk.subject;
    }
  }

  #callOnDesk(functionDeclaration: string, args: readonly RemoteValue[]): string {
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
    // A `debugger` statement must not stop the thread that would have to go on.
    this.#post('Debugger.setSkipAllPauses', { skip: true });
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
