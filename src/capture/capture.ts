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
   * handle of a function in the registry gives its reference, which is called through the host.
   */
  readonly recognise?: Recognise;
  /** Most bytes of code. @default 4_000_000 */
  readonly maxBytes?: number;
}

/**
 * Makes an artifact of a live function: its source, the values of the variables it uses, and every
 * function it reaches. The same function gives the same code in every process and folder.
 *
 * @throws ScatterError `CAPTURE_UNSUPPORTED` naming what cannot travel, how the function reaches it
 * and what to do instead
 */
export function capture(fn: AnyFunction, options: CaptureOptions = {}): Artifact {
  if (typeof fn !== 'function') {
    throw new ScatterError(
      'SCATTER_ERR_CAPTURE_UNSUPPORTED',
      `${String(fn)} cannot be captured: it is not a function; pass the function itself`,
    );
  }
  return stage.capture(fn, options);
}

class CaptureStage {
  readonly #inspector = new Inspector();
  readonly #reader = new FunctionReader(this.#inspector);
  #known: KnownObjects | undefined;

  capture(fn: AnyFunction, options: CaptureOptions): Artifact {
    this.#known ??= new KnownObjects();
    const maxBytes = options.maxBytes ?? 4_000_000;
    const recognise = options.recognise ?? (() => undefined);
    try {
      const graph = walk(fn, { reader: this.#reader, known: this.#known, recognise, maxBytes });
      return makeArtifact(graph, fn, maxBytes);
    } finally {
      this.#inspector.settle();
    }
  }
}

// The thread has one inspector, and parsing a file is most of the work: a second session and a
// second cache would only cost. Nothing in here changes what a capture gives.
const stage = new CaptureStage();

function makeArtifact(graph: Graph, fn: AnyFunction, maxBytes: number): Artifact {
  const { root, links } = graph;
  const trail: Trail =
    root.kind === 'function' ? root.trail : { kind: 'function', text: fn.name || '(anonymous)' };
  if (root.kind === 'expression') {
    const fix = 'use an arrow that calls it, such as `(x) => Math.sqrt(x)`';
    refuse(`\`${root.text}\` is native code, which cannot travel`, fix, trail);
  }
  const { code, spans } = emit(graph, arrangeRooms(graph));
  if (Buffer.byteLength(code) > maxBytes) refuseSize(maxBytes, trail);
  checkParses(code, trail);
  const source = root.kind === 'function' ? authorSource(root) : '';
  return { format: ARTIFACT_FORMAT, code, links, requires: [], origin: { source, spans } };
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
