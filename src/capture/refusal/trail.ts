/** How the walk came to a value: the last step, and the trail before it. */
export interface Trail {
  readonly kind: 'function' | 'class' | 'variable' | 'property';
  /** A function's name, a variable's name, or an access such as `.next` or `[0]`. */
  readonly text: string;
  /** Where a function stands, as `file:line:column`. */
  readonly place?: string;
  readonly before?: Trail | undefined;
  /** What this adds to the artifact counts for this variable. */
  readonly tally?: Tally | undefined;
  /** Set on a variable that can be made anew by running its initialiser. */
  readonly remake?: Remake | undefined;
}

/** A variable whose value may be made anew where the function runs. */
export interface Remake {
  /** Of its declaration. */
  readonly key: string;
  readonly value: unknown;
}

/** How much of an artifact a variable makes. */
export interface Tally {
  bytes: number;
}

/** A step from an object to what it holds. */
export function stepInto(before: Trail, text: string): Trail {
  return { kind: 'property', text, before, tally: before.tally };
}

/** The variables on the way that their initialisers can make anew, the nearest first. */
export function remakesOf(trail: Trail): readonly Remake[] {
  const found: Remake[] = [];
  for (let step: Trail | undefined = trail; step !== undefined; step = step.before) {
    if (step.remake !== undefined) found.push(step.remake);
  }
  return found;
}

const MOST_LINES = 12;
const LONGEST_PATH = 80;

/** What the end of the trail would be called in the author's code, such as `state.items[0]`. */
export function subjectOf(trail: Trail): string {
  const path: string[] = [];
  let step: Trail | undefined = trail;
  for (; step?.kind === 'property'; step = step.before) path.push(step.text);
  return `\`${step?.text ?? ''}${shorten(path.reverse())}\``;
}

/** The variable that the end of the trail is part of. */
export function variableOf(trail: Trail): string {
  let step = trail;
  while (step.kind === 'property' && step.before !== undefined) step = step.before;
  return step.text;
}

/** The trail for people: from the captured function on, a new line after every function. */
export function trailLines(trail: Trail): readonly string[] {
  const lines: string[] = [];
  let line: string[] = [];
  for (const step of stepsOf(trail)) {
    line.push(`→ ${step.text}`);
    if (!step.endsLine) continue;
    lines.push(line.join(' '));
    line = [];
  }
  if (line.length > 0) lines.push(line.join(' '));
  if (lines.length <= MOST_LINES) return lines;
  const half = MOST_LINES / 2;
  const left = lines.length - MOST_LINES;
  return [...lines.slice(0, half), `… ${left} more`, ...lines.slice(-half)];
}

function stepsOf(trail: Trail): { text: string; endsLine: boolean }[] {
  const steps: { text: string; endsLine: boolean }[] = [];
  let path: string[] = [];
  for (let step: Trail | undefined = trail; step !== undefined; step = step.before) {
    if (step.kind === 'property') {
      path.push(step.text);
      continue;
    }
    if (path.length > 0) steps.push(pathStep(path));
    path = [];
    steps.push(namedStep(step));
  }
  return steps.reverse();
}

function pathStep(path: readonly string[]): { text: string; endsLine: boolean } {
  return { text: `property \`${shorten(path.toReversed())}\``, endsLine: false };
}

function namedStep(step: Trail): { text: string; endsLine: boolean } {
  if (step.kind === 'variable') return { text: `variable \`${step.text}\``, endsLine: false };
  const place = step.place === undefined ? '' : ` (${step.place})`;
  return { text: `${step.kind} ${step.text}${place}`, endsLine: true };
}

function shorten(path: readonly string[]): string {
  const whole = path.join('');
  if (whole.length <= LONGEST_PATH) return whole;
  return `${path.slice(0, 3).join('')}…${path.slice(-3).join('')}`;
}
