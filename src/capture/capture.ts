import { Script as CompiledScript } from 'node:vm';
import { ScatterError } from '../errors.ts';
import { ARTIFACT_FORMAT, type Artifact } from '../model/artifact.ts';
import type { AnyFunction } from '../model/function-type.ts';
import { authorSource } from './author-source.ts';
import { emit } from './emit.ts';
import { FunctionReader } from './functions.ts';
import type { Graph } from './graph.ts';
import { Inspector } from './inspect.ts';
import { KnownObjects } from './known.ts';
import { refuse } from './refusal.ts';
import { arrangeRooms } from './rooms.ts';
import type { Trail } from './trail.ts';
import { type Recognise, refuseSize, walk } from './walk.ts';

export interface CaptureOptions {
  /**
   * What a captured object stands for: a tracked function gives the original, which is inlined; a
   * handle of a function in the registry gives its reference, which is called through the host; what
   * a program provides gives the name of its capability.
   */
  readonly recognise?: Recognise;
  /** Names of capabilities that the function needs, whether it is seen to use them or not. */
  readonly declares?: readonly string[];
  /** Most bytes of code. @default 4_000_000 */
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
  const { graph, trail } = stage.look(fn, options);
  return makeArtifact(graph, trail, options.maxBytes ?? DEFAULT_MAX_BYTES);
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
  readonly trail: Trail;
}

class CaptureStage {
  readonly #inspector = new Inspector();
  readonly #reader = new FunctionReader(this.#inspector);
  #known: KnownObjects | undefined;

  look(fn: AnyFunction, options: CaptureOptions): Look {
    checkFunction(fn);
    this.#known ??= new KnownObjects();
    const { maxBytes = DEFAULT_MAX_BYTES, recognise = () => undefined, declares = [] } = options;
    try {
      const tools = { reader: this.#reader, known: this.#known, recognise, declares, maxBytes };
      const graph = walk(fn, tools);
      return { graph, trail: checkRoot(graph, fn) };
    } finally {
      this.#inspector.settle();
    }
  }
}

// The thread has one inspector, and parsing a file is most of the work: a second session and a
// second cache would only cost. Nothing in here changes what a capture gives.
const stage = new CaptureStage();

function checkFunction(fn: unknown): void {
  if (typeof fn === 'function') return;
  throw new ScatterError(
    'SCATTER_ERR_CAPTURE_UNSUPPORTED',
    `${String(fn)} cannot be captured: it is not a function; pass the function itself`,
  );
}

function checkRoot({ root }: Graph, fn: AnyFunction): Trail {
  const trail: Trail =
    root.kind === 'function' ? root.trail : { kind: 'function', text: fn.name || '(anonymous)' };
  if (root.kind === 'expression') {
    const fix = 'use an arrow that calls it, such as `(x) => Math.sqrt(x)`';
    refuse(`\`${root.text}\` is native code, which cannot travel`, fix, trail);
  }
  return trail;
}

function makeArtifact(graph: Graph, trail: Trail, maxBytes: number): Artifact {
  const { links, requires } = graph;
  const { code, spans } = emit(graph, arrangeRooms(graph));
  if (Buffer.byteLength(code) > maxBytes) refuseSize(maxBytes, trail);
  checkParses(code, trail);
  const origin = { source: sourceOf(graph), spans, captured: [] };
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
