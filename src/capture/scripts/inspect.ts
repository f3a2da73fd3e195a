import { Session } from 'node:inspector';
import { ScatterError } from '../../errors.ts';
import type { AnyFunction } from '../../model/function-type.ts';
import type {
  InspectedFunction,
  LiveScope,
  PrivateMember,
  ScriptLocation,
  ScriptText,
} from './inspected.ts';
import { LoadedScripts, type ScriptNotice } from './loaded-scripts.ts';

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
  readonly params: ScriptNotice;
}

interface RemoteAnswer {
  readonly result: { readonly objectId?: string };
  readonly exceptionDetails?: { readonly text: string };
}

/** V8's list of a function's scopes. */
type ScopeList = readonly { description: string; object: LiveScope['variables'] }[];

interface WaitingScopes {
  readonly objectId: string;
  scopes: readonly LiveScope[] | undefined;
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
  readonly #scripts = new LoadedScripts((method, params) => this.#post(method, params));
  #deskId: string | undefined;
  /** The same, in the group of what is let go of: what is listed of it is let go of with it. */
  #deskInGroup: string | undefined;
  readonly #waiting = new Set<WaitingScopes>();

  inspect(fn: AnyFunction): InspectedFunction {
    const { internalProperties = [] } = this.#properties(fn);
    const named = (name: string) => internalProperties.find((one) => one.name === name)?.value;
    const scopesId = named('[[Scopes]]')?.objectId;
    const scopes = this.#scopesLater(scopesId);
    return {
      location: named('[[FunctionLocation]]')?.value as ScriptLocation | undefined,
      get scopes(): readonly LiveScope[] {
        return scopes();
      },
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

  readScript(id: string): ScriptText {
    return this.#scripts.read(id);
  }

  /** The script that was loaded from a URL; the last one if there were several. */
  findScript(isWanted: (url: string) => boolean): ScriptText | undefined {
    return this.#scripts.find(isWanted);
  }

  /** Lets go of what was looked at; must follow every capture. */
  settle(): void {
    if (this.#deskId === undefined) return;
    this.#post('Runtime.releaseObjectGroup', { objectGroup: GROUP });
    this.#deskInGroup = undefined;
    this.#waiting.clear();
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

  /** V8 compiles a function for every read, so all that are waiting are read with the first. */
  #scopesLater(objectId: string | undefined): () => readonly LiveScope[] {
    const waiting: WaitingScopes = { objectId: objectId ?? '', scopes: undefined };
    if (objectId === undefined) return () => [];
    this.#waiting.add(waiting);
    return () => {
      if (this.#waiting.has(waiting)) this.#readScopes();
      if (waiting.scopes !== undefined) return waiting.scopes;
      throw inspectorTrouble('Runtime.callFunctionOn', 'the function was let go of');
    };
  }

  #readScopes(): void {
    const all = [...this.#waiting];
    this.#waiting.clear();
    const lists = this.#liveValues(all.map(({ objectId }) => ({ objectId }))) as ScopeList[];
    for (const [index, waiting] of all.entries()) {
      waiting.scopes = Array.from(lists[index] ?? [], ({ description, object }) => ({
        kind: description.split(' ', 1)[0] ?? '',
        variables: object,
      }));
    }
  }

  #liveValue({ objectId, value, unserializableValue }: RemoteValue): unknown {
    if (objectId !== undefined) return this.#liveValues([{ objectId }])[0];
    return this.#liveValues([
      unserializableValue === undefined ? { value } : { unserializableValue },
    ])[0];
  }

  #liveValues(remote: readonly RemoteValue[]): unknown[] {
    try {
      this.#callOnDesk('function (...values) { this.subject = values; return this }', remote);
      return this.#desk.subject as unknown[];
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
      this.#scripts.notice(params);
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
