import { currentAuthor } from './author.ts';
import { type CallSettings, initialSettings } from './call-options.ts';
import { Caller, type CallerHost } from './caller.ts';
import { type LoadedSource, noRegistrySide } from './loaded-source.ts';
import type { LocalCalls } from './local-calls.ts';
import type { AnyFunction } from './model/function-type.ts';
import { LATEST } from './model/reference.ts';
import type { ResolvedOptions } from './options.ts';
import type { Handle } from './reload/handle.ts';
import type { Runtime } from './runtime.ts';
import {
  createScatterFunction,
  type FunctionHandle,
  type HandleContext,
} from './scatter-function.ts';
import type { ScatterFunction } from './scatter-function-type.ts';
import type { TrackedState } from './tracked.ts';

/** Makes the callable objects that users hold of an instance's handles. */
export class Facades {
  readonly #options: ResolvedOptions;
  readonly #local: LocalCalls;
  readonly #caller: Caller;
  readonly #author = currentAuthor();

  constructor(options: ResolvedOptions, local: LocalCalls, host: CallerHost) {
    this.#options = options;
    this.#local = local;
    this.#caller = new Caller(host, options.logger);
  }

  /** Of a function in the registry. */
  registered<F extends AnyFunction>(
    runtime: Runtime,
    handle: Handle,
    settings: CallSettings,
    trusted = false,
  ): ScatterFunction<F> {
    return this.#make(handle, settings, trusted, {
      runtime,
      link: () => handle.shownReference,
      release: () => runtime.release(handle),
    });
  }

  /** Of a tracked function; what `latest` points at is loaded when it is called first. */
  async tracked(runtime: Runtime, { name, declared }: TrackedState): Promise<ScatterFunction> {
    const { autoUpdate } = this.#options;
    const reference = { name, alias: LATEST };
    // A program may push what it cannot run.
    const choices = { autoUpdate, warm: undefined, admit: () => undefined };
    const handle = await runtime.openHandle(reference, choices);
    const settings = initialSettings(this.#options, {}, declared.provided);
    return this.registered(runtime, handle, settings);
  }

  /** Of a function that came as text. */
  loaded<F extends AnyFunction>(
    handle: LoadedSource,
    settings: CallSettings,
    trusted = false,
  ): ScatterFunction<F> {
    return this.#make(handle, settings, trusted, {
      runtime: noRegistrySide(handle.name),
      link: () => handle.link(),
      release: () => handle.release(),
    });
  }

  #make<F extends AnyFunction>(
    handle: FunctionHandle,
    settings: CallSettings,
    trusted: boolean,
    side: Pick<HandleContext, 'runtime' | 'link' | 'release'>,
  ): ScatterFunction<F> {
    return createScatterFunction<F>({
      ...side,
      handle,
      settings,
      author: this.#author,
      call: (args, given) =>
        this.#local.call(handle, args, given) ?? this.#caller.call(handle, args, given),
      callSync: (args, given) => this.#local.callSync(handle, args, given, trusted),
    });
  }
}
