import { createScatter, isScatterError, type Scatter } from '../../src/index.ts';
import type { ScatterFunction } from '../../src/scatter-function-type.ts';
import type { Outcome } from './model.ts';
import type { HandleView } from './model-handle.ts';

export interface Place {
  readonly url: string;
  readonly namespace: string;
}

export interface Opening {
  readonly key: number;
  readonly reference: string;
  readonly autoUpdate: boolean;
}

/** What a subscriber saw and said since it was started. */
export interface Heard {
  /** Warnings that the registry lost writes. */
  readonly losses: number;
  /** Other warnings and errors, such as that changes cannot be read. */
  readonly troubles: readonly string[];
  /** Versions that did not replace one that works. */
  readonly blocked: readonly string[];
}

/** A program that has handles of functions. All that goes in and out is plain data. */
export interface Subscriber {
  start(place: Place): Promise<void>;
  open(opening: Opening): Promise<Outcome<number>>;
  /** Answers the version. */
  pull(key: number, version?: number): Promise<Outcome<number>>;
  step(key: number, by: 1 | -1): Promise<Outcome<number>>;
  moveAll(key: number, version: number): Promise<Outcome<undefined>>;
  rollback(key: number): Promise<Outcome<number>>;
  setAlias(name: string, alias: string, version: number): Promise<Outcome<undefined>>;
  /** Answers the version. */
  pushSource(name: string, source: string, updateExisting: boolean): Promise<Outcome<number>>;
  release(key: number): Promise<void>;
  views(): Promise<(readonly [key: number, view: HandleView])[]>;
  heard(): Promise<Heard>;
  stop(): Promise<void>;
}

/** In this process. */
export class LocalSubscriber implements Subscriber {
  readonly #handles = new Map<number, ScatterFunction>();
  readonly #heard = { losses: 0, troubles: [] as string[], blocked: [] as string[] };
  #scatter: Scatter | undefined;

  async start(place: Place): Promise<void> {
    Object.assign(this.#heard, { losses: 0, troubles: [], blocked: [] });
    // Without isolates, handles are opened, follow and swap as always, and nothing is started.
    const logger = this.#logger();
    this.#scatter = createScatter({ ...place, isolation: 'none', cacheDir: false, logger });
    await this.#scatter.connect();
  }

  open({ key, reference, autoUpdate }: Opening): Promise<Outcome<number>> {
    return outcomeOf(async () => {
      const handle = await this.#instance().get(reference, { autoUpdate });
      this.#handles.set(key, handle);
      handle.on('blocked', ({ name, version, error }) => {
        this.#heard.blocked.push(`${name}@${version}: ${error}`);
      });
      return handle.version;
    });
  }

  pull(key: number, version?: number): Promise<Outcome<number>> {
    return outcomeOf(async () => (await this.#handle(key).pull(version)).version);
  }

  step(key: number, by: 1 | -1): Promise<Outcome<number>> {
    const handle = this.#handle(key);
    return outcomeOf(async () => {
      const { version } = await (by === 1 ? handle.upgrade() : handle.downgrade());
      return version;
    });
  }

  moveAll(key: number, version: number): Promise<Outcome<undefined>> {
    return outcomeOf(async () => void (await this.#handle(key).moveAll(version)));
  }

  rollback(key: number): Promise<Outcome<number>> {
    return outcomeOf(async () => (await this.#handle(key).rollback()).version);
  }

  setAlias(name: string, alias: string, version: number): Promise<Outcome<undefined>> {
    return outcomeOf(async () => void (await this.#instance().setAlias(name, alias, version)));
  }

  pushSource(name: string, source: string, updateExisting: boolean): Promise<Outcome<number>> {
    return outcomeOf(async () => {
      const { version } = await this.#instance().pushSource(name, source, { updateExisting });
      return version;
    });
  }

  async release(key: number): Promise<void> {
    await this.#handle(key).release();
    this.#handles.delete(key);
  }

  views(): Promise<(readonly [key: number, view: HandleView])[]> {
    const views = [...this.#handles].map(async ([key, handle]) => {
      const gone = await isGone(handle);
      const { version, source, pinned } = handle;
      return [key, { version, content: source, pinned, gone }] as const;
    });
    return Promise.all(views);
  }

  async heard(): Promise<Heard> {
    const { losses, troubles, blocked } = this.#heard;
    return { losses, troubles: [...troubles], blocked: [...blocked] };
  }

  async stop(): Promise<void> {
    await this.#scatter?.close();
    this.#handles.clear();
  }

  #instance(): Scatter {
    if (this.#scatter === undefined) throw new Error('the subscriber was not started');
    return this.#scatter;
  }

  #handle(key: number): ScatterFunction {
    const handle = this.#handles.get(key);
    if (handle === undefined) throw new Error(`the subscriber has no handle ${key}`);
    return handle;
  }

  #logger() {
    const trouble = (fields: object, message: string): void => {
      if (message.includes('lost writes')) this.#heard.losses += 1;
      else this.#heard.troubles.push(`${message} ${Object.values(fields).join(' ')}`);
    };
    const ignore = (): void => undefined;
    return { debug: ignore, info: ignore, warn: trouble, error: trouble };
  }
}

/** What came of it, or the code of scatter's refusal. Other errors are thrown. */
export async function outcomeOf<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { answer: await work() };
  } catch (error) {
    if (!isScatterError(error)) throw error;
    if (error.retryable) throw error;
    return { refused: error.code };
  }
}

async function isGone(handle: ScatterFunction): Promise<boolean> {
  try {
    await handle();
  } catch (error) {
    if (isScatterError(error, 'SCATTER_ERR_FUNCTION_NOT_FOUND')) return true;
    // Fetched code is not run in the host, which is said only of a function that is there.
    if (isScatterError(error, 'SCATTER_ERR_CONFIG_INVALID')) return false;
    throw error;
  }
  throw new Error(`${handle.name} ran in the host`);
}
