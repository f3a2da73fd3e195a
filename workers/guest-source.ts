/**
 * Links the given files, in their order, into one script for a bare isolate: types and imports
 * go, `export` before a declaration goes, and one strict function stands around the whole. Works on
 * `.ts` sources and on built `.js` alike.
 */
export function guestSource(files: readonly URL[]): string {
  throw new Error(`not yet: ${files.length}`);
}

/** The codec's files for {@link guestSource}, in order. The guest's own modules come after them. */
export const CODEC_FILES: readonly URL[] = [];
