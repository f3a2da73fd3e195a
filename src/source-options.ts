import { type CallSettings, initialSettings } from './call-options.ts';
import { capabilityNames, type NamedCapability } from './capability-names.ts';
import type { SourceChoices } from './capture/index.ts';
import { ScatterError } from './errors.ts';
import type { GetOptions } from './get-options.ts';
import { Capability } from './model/capability.ts';
import { checkOptionNames } from './option-names.ts';
import type { ResolvedOptions } from './options.ts';
import type { PushOptions } from './tracked.ts';

/** What there is to say of code that comes as text. */
interface SourceOptions {
  /** The export that is the function. @default 'default' */
  readonly export?: string;
  /** Of modules whose names do not end with it. @default 'js' */
  readonly language?: 'js' | 'ts';
  /**
   * What the code is to have: capabilities by their names or tokens, or as `provide()` gave them. `load`
   * gives the function those that were provided, beside what the instance gives. @default []
   */
  readonly capabilities?: readonly NamedCapability[];
}

export interface PushSourceOptions extends SourceOptions, PushOptions {}

export interface LoadOptions extends SourceOptions, Pick<GetOptions, 'limits' | 'trusted'> {
  /**
   * What errors and logs call the function. Isolates are shared by what has the same name and text.
   *
   * @default a name of its own for each call of `load()`
   */
  readonly name?: string;
}

const OF_SOURCE = ['export', 'language', 'capabilities'];
const OF_PUSH = [...OF_SOURCE, 'message', 'updateExisting', 'expectLatest'];
const OF_LOADED = 'load(source, { capabilities })';
const OF_LOAD = [...OF_SOURCE, 'name', 'limits', 'trusted'];

/** @throws ScatterError `CONFIG_INVALID` */
export function pushChoices(options: PushSourceOptions): Required<SourceChoices> {
  checkOptionNames('pushSource(name, source, { * })', options, OF_PUSH);
  return choicesOf(options, 'pushSource(name, source, { capabilities })');
}

/** @throws ScatterError `CONFIG_INVALID` */
export function loadChoices(options: LoadOptions): Required<SourceChoices> {
  checkOptionNames('load(source, { * })', options, OF_LOAD);
  return choicesOf(options, OF_LOADED);
}

/** With what a loaded function is called. @throws ScatterError `CONFIG_INVALID` */
export function loadSettings(instance: ResolvedOptions, options: LoadOptions): CallSettings {
  const provided = (options.capabilities ?? []).filter((one) => one instanceof Capability);
  return initialSettings(instance, { ...options, capabilities: provided });
}

function choicesOf(options: SourceOptions, where: string): Required<SourceChoices> {
  const { export: exported = 'default', language = 'js', capabilities = [] } = options;
  if (typeof exported !== 'string') throw invalid('export', exported, 'the name of an export');
  if (language !== 'js' && language !== 'ts') throw invalid('language', language, '`js` or `ts`');
  return { export: exported, language, capabilities: capabilityNames(capabilities, where) };
}

function invalid(option: string, value: unknown, wanted: string): ScatterError {
  return new ScatterError(
    'SCATTER_ERR_CONFIG_INVALID',
    `\`${option}\` is ${JSON.stringify(value)}; it must be ${wanted}`,
  );
}
