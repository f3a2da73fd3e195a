import { inspect } from 'node:util';
import { Script as CompiledScript } from 'node:vm';
import { ScatterError } from '../errors.ts';
import { ARTIFACT_FORMAT, type Artifact } from '../model/artifact.ts';
import type { AnyFunction } from '../model/function-type.ts';
import { bundleOf } from './bundle/bundle-of.ts';
import { type Emission, emit } from './emit/emit.ts';
import { joinPieces } from './emit/pieces.ts';
import { Packages } from './names/packages.ts';
import { Refusal, refusalError, refuse } from './refusal/refusal.ts';
import { remakesOf, type Trail } from './refusal/trail.ts';
import { authorSource } from './scripts/author-source.ts';
import { FunctionReader } from './scripts/functions.ts';
import { Inspector } from './scripts/inspect.ts';
import { isClassSyntax } from './scripts/syntax.ts';
import { arrangeRooms } from './sharing/rooms.ts';
import { KnownObjects } from './values/known.ts';
import { nameOfFunction } from './values/live-function.ts';
import { SecretCheck } from './values/secrets.ts';
import { describeCaptured } from './walk/captured-values.ts';
import type { Graph } from './walk/graph.ts';
import { RemadeValues } from './walk/remade-values.ts';
import { walk } from './walk/walk.ts';
import { type Recognise, refuseSize } from './walk/walk-state.ts';

export interface CaptureOptions {
  /**
   * What a captured object stands for: a tracked function gives the original, which is inlined; a
   * handle of a function in the registry gives its reference, which is called through the host; what
   * a program provides gives the name of its capability.
   */
  readonly recognise?: Recognise;
  /** Capabilities that the function needs, whether they are found in it or not. */
  readonly declares?: readonly string[];
  /**
   * What happens to constants that were made from this program's own state. `link`: those that read
   * `process.env.X` read it where the function runs, others are refused. `copy`: their values travel,
   * and whoever can read the registry can read them. @default 'link'
   */
  readonly values?: 'link' | 'copy';
  /**
   * Variables that may travel though they look like secrets, or places in them such as
   * `config.db.url`. @default []
   */
  readonly allowCaptured?: readonly string[];
  /** Most bytes of the artifact's code, packages included. @default 4_000_000 */
  readonly maxBytes?: number;
}

const DEFAULT_MAX_BYTES = 4_000_000;

/**
 * Makes an artifact of a live function: its source, the values of the variables it uses, and every
 * function it reaches, all of it as it is at the time of this call. The same function gives the same
 * code in every process and folder.
 *
 * @throws ScatterError `CAPTURE_UNSUPPORTED` naming what cannot travel, how the function reaches it
 * and what to do instead
 */
export async function capture(fn: AnyFunction, options: CaptureOptions = {}): Promise<Artifact> {
  const look = stage.look(fn, options);
  try {
    return await makeArtifact(look, options.maxBytes ?? DEFAULT_MAX_BYTES);
  } catch (error) {
    throw error instanceof Refusal ? refusalError(error) : error;
  }
}

/** What can be told of a function without writing its code. */
export interface Survey {
  /** The function as its author wrote it. */
  readonly source: string;
  /** Names of the capabilities it needs, sorted. */
  readonly requires: readonly string[];
}

/** Looks at a function as `capture` does, and at once. @throws ScatterError `CAPTURE_UNSUPPORTED` */
export function survey(fn: AnyFunction, options: CaptureOptions = {}): Survey {
  const { graph } = stage.look(fn, options);
  return { source: sourceOf(graph), requires: graph.requires };
}

interface Look {
  readonly graph: Graph;
  readonly emission: Emission;
  readonly trail: Trail;
}

/** What stays when a look begins anew. */
interface Kept {
  readonly secrets: SecretCheck;
  readonly remade: RemadeValues;
}

class CaptureStage {
  readonly #reader = new FunctionReader(new Inspector());
  readonly #packages = new Packages();
  #known: KnownObjects | undefined;

  look(fn: AnyFunction, options: CaptureOptions): Look {
    checkFunction(fn);
    try {
      const secrets = new SecretCheck(options.allowCaptured ?? []);
      return this.#lookAgain(fn, options, { secrets, remade: new RemadeValues() });
    } catch (error) {
      throw error instanceof Refusal ? refusalError(error) : error;
    } finally {
      this.#reader.settle();
    }
  }

  /** Where a value cannot travel but can be made again, all is begun anew with that in mind. */
  #lookAgain(fn: AnyFunction, options: CaptureOptions, kept: Kept): Look {
    try {
      return this.#lookOnce(fn, options, kept);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const remake = remakesOf(error.trail).find((one) => !kept.remade.has(one));
      if (remake === undefined) throw error;
      kept.remade.add(remake);
      return this.#lookAgain(fn, options, kept);
    }
  }

  #lookOnce(fn: AnyFunction, options: CaptureOptions, kept: Kept): Look {
    this.#known ??= new KnownObjects();
    const graph = walk(fn, {
      reader: this.#reader,
      known: this.#known,
      packages: this.#packages,
      recognise: options.recognise ?? (() => undefined),
      copiesValues: options.values === 'copy',
      ...kept,
      declares: options.declares ?? [],
      maxBytes: options.maxBytes ?? DEFAULT_MAX_BYTES,
    });
    const trail = checkRoot(graph, fn);
    return { graph, trail, emission: emit(graph, arrangeRooms(graph, this.#reader)) };
  }
}

// The thread has one inspector, and parsing a file is most of the work: a second session and a
// second cache would only cost. Nothing in here changes what a capture gives.
const stage = new CaptureStage();

function checkFunction(fn: unknown): void {
  if (typeof fn === 'function') return;
  throw new ScatterError(
    'SCATTER_ERR_CAPTURE_UNSUPPORTED',
    `${inspect(fn as unknown, { depth: 0, customInspect: false })} cannot be captured: it is not a function; pass the function itself`,
  );
}

function checkRoot({ root }: Graph, fn: AnyFunction): Trail {
  const trail: Trail =
    root.kind === 'function'
      ? root.trail
      : { kind: 'function', text: nameOfFunction(fn) || '(anonymous)' };
  if (root.kind === 'expression') {
    const fix = 'use an arrow that calls it, such as `(x) => Math.sqrt(x)`';
    refuse(`\`${root.text}\` is native code, which cannot travel`, fix, trail);
  }
  if (root.kind === 'function' && isClassSyntax(root.syntax)) {
    const fix =
      'track a function that creates an instance, such as `(...args) => new Thing(...args)`';
    refuse(`\`${root.name}\` is a class, which cannot be called`, fix, trail);
  }
  return trail;
}

async function makeArtifact({ graph, emission, trail }: Look, maxBytes: number): Promise<Artifact> {
  const { links, requires } = graph;
  const { code, map } = joinPieces(emission.pieces(await bundleOf(graph, emission)));
  if (Buffer.byteLength(code) > maxBytes) refuseSize(maxBytes, trail);
  checkParses(code, trail);
  const origin = { source: sourceOf(graph), map, captured: describeCaptured(graph) };
  return { format: ARTIFACT_FORMAT, code, links, requires, origin };
}

function sourceOf({ root }: Graph): string {
  return root.kind === 'function' ? authorSource(root) : '';
}

/** The last net: what the walk overlooked must fail here and not where the function runs. */
function checkParses(code: string, trail: Trail): void {
  try {
    new CompiledScript(`(${code})`);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    refuse(`the captured code does not parse: ${reason}`, 'write it more plainly', trail, cause);
  }
}
