import type { CallSettings } from './call-options.ts';
import { encodeCall } from './call-values.ts';
import { CapabilityRoom } from './capability-room.ts';
import { decodeValue } from './codec/decode.ts';
import { translateFailure } from './codec/failures.ts';
import { scan } from './codec/scan.ts';
import { ScatterError } from './errors.ts';
import { runWithCapabilities } from './host-capabilities.ts';
import { abortedError, callInHost } from './in-host.ts';
import { logListener } from './log-listener.ts';
import type { AnyFunction } from './model/function-type.ts';
import { codeKey, type GuestFunction } from './model/guest-function.ts';
import type { ResolvedOptions } from './options.ts';
import type { SyncRunner } from './pool/sync.ts';
import { encodeArtifact } from './registry/artifact-blob.ts';
import type { FunctionHandle } from './scatter-function.ts';
import { captureTracked, type TrackedState } from './tracked.ts';

/** Calls that stay in this process: all of them with `isolation: 'none'`, and `callSync`. */
export class LocalCalls {
  readonly #options: ResolvedOptions;
  readonly #tracked = new Map<string, TrackedState>();
  // By name and digest: what a function captured may change while it runs here.
  readonly #own = new Map<string, AnyFunction>();
  readonly #room = CapabilityRoom.ofInstance();
  #runner: SyncRunner | undefined;

  constructor(options: ResolvedOptions) {
    this.#options = options;
  }

  /** Remembers code of this program, which `isolation: 'none'` may run. */
  track(state: TrackedState): void {
    if (this.#options.isolation === 'none') this.#tracked.set(state.name, state);
  }

  /** Remembers with which digest its code was pushed. */
  pushed(state: TrackedState, digest: string): void {
    this.track(state);
    if (this.#options.isolation === 'none') this.#own.set(`${state.name}@${digest}`, state.fn);
  }

  /** Runs the call here, or says by `undefined` that it does not belong here. */
  call(
    handle: FunctionHandle,
    args: readonly unknown[],
    settings: CallSettings,
  ): Promise<unknown> | undefined {
    if (this.#options.isolation !== 'none') return undefined;
    return this.#callInHost(handle, args, settings);
  }

  /** @throws ScatterError `CONFIG_INVALID` for a handle that is not trusted, and what a call gives */
  callSync(
    handle: FunctionHandle,
    args: readonly unknown[],
    settings: CallSettings,
    trusted: boolean,
  ): unknown {
    const target = handle.current;
    if (!trusted) throw notTrusted(target);
    if (this.#runner === undefined) throw notLoaded(target);
    if (this.#options.isolation === 'none') this.#ownCode(target);
    if (settings.signal?.aborted) throw abortedError(target, settings.signal);
    const encoded = encodeCall(args, settings.limits.maxArgumentBytes, target);
    try {
      const { limits, partition } = settings;
      const onLog = logListener(this.#options.logger, settings.onLog);
      const bytes = this.#runner.run({ target, args: encoded, limits, partition, onLog });
      scan(bytes, 0, bytes.byteLength);
      return decodeValue(bytes, 0, bytes.byteLength);
    } catch (error) {
      throw translateFailure(error);
    }
  }

  /** Loads what `callSync` needs: isolated-vm, which programs without trusted handles do without. */
  async prepareSync(target: GuestFunction): Promise<void> {
    if (this.#options.isolation === 'none') await this.#identify(target);
    if (this.#runner !== undefined) return;
    const { SyncRunner } = await import('./pool/sync.ts');
    this.#runner ??= new SyncRunner(this.#options.env);
  }

  close(): void {
    this.#runner?.dispose();
  }

  async #callInHost(
    handle: FunctionHandle,
    args: readonly unknown[],
    settings: CallSettings,
  ): Promise<unknown> {
    const target = handle.current;
    await this.#identify(target);
    const fn = this.#ownCode(target);
    const host = { logger: this.#options.logger, room: this.#room };
    return runWithCapabilities(target, settings, host, () =>
      callInHost(fn, target, args, settings),
    );
  }

  /** Finds out whether the version is code that this program tracks. */
  async #identify(target: GuestFunction): Promise<void> {
    const state = this.#tracked.get(target.name);
    if (state === undefined || this.#own.has(codeKey(target))) return;
    const { digest } = encodeArtifact(await captureTracked(state));
    this.#own.set(`${state.name}@${digest}`, state.fn);
  }

  /** @throws ScatterError `CONFIG_INVALID` for a version that was not found to be this program's */
  #ownCode(target: GuestFunction): AnyFunction {
    const known = this.#own.get(codeKey(target));
    if (known !== undefined) return known;
    throw new ScatterError(
      'SCATTER_ERR_CONFIG_INVALID',
      `\`${target.name}@${target.version}\` is not code of this program, and isolation: 'none' runs ` +
        "nothing else in the host; use isolation: 'process'",
      { function: target.name, version: target.version },
    );
  }
}

function notTrusted(target: GuestFunction): ScatterError {
  return new ScatterError(
    'SCATTER_ERR_CONFIG_INVALID',
    `callSync() of \`${target.name}\` needs a handle got with { trusted: true }: it runs on this ` +
      'thread, where nothing can kill it',
    { function: target.name, version: target.version },
  );
}

function notLoaded(target: GuestFunction): ScatterError {
  return new ScatterError(
    'SCATTER_ERR_POOL_CLOSED',
    `callSync() of \`${target.name}\` after close()`,
    {
      function: target.name,
      version: target.version,
    },
  );
}
