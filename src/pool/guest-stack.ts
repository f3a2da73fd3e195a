import type { ArtifactOrigin } from '../model/artifact.ts';
import { type CodePlaces, codePlaces } from './code-places.ts';

// `at price (scatter:artifact:3:14)`, `at scatter:artifact:3:14`; the text is the guest's to choose,
// so nothing is done with it but replacing what looks like this.
const FRAME = /scatter:artifact:(\d+):(\d+)/g;
const OURS = /^\s+at .*scatter:prelude/;
const EVAL = /\(eval at [^()]+ \((?:[^()]*)\), (scatter:artifact:\d+:\d+)\)/g;

/** A guest's stack with its frames pointing into the author's files, and without those of ours. */
export function mapGuestStack(stack: string, origin: ArtifactOrigin): string {
  let places: CodePlaces | undefined;
  return stack
    .split('\n')
    .filter((line) => !OURS.test(line))
    .join('\n')
    .replace(EVAL, '($1)')
    .replace(FRAME, (frame, line, column) => {
      places ??= codePlaces(origin);
      return places(Number(line), Number(column)) ?? frame;
    });
}
