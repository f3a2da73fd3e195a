/** Why a package cannot be bundled. */
export type BundleTrouble =
  /** It needs a module of Node. */
  | 'built-in'
  /** It brings machine code or WebAssembly. */
  | 'native'
  /** A package or file is not there. */
  | 'unresolved'
  /** Its code cannot be read or put into one piece. */
  | 'unfit';

/** What is in the way of a bundle, and which file of which package it is in. */
export class BundleProblem extends Error {
  override readonly name = 'BundleProblem';
  readonly trouble: BundleTrouble;
  /** What is to be done about it, as in `fix:` lines. */
  readonly fix: string;
  /** The file that has the trouble, such as `node_modules/ms/index.js`; the importing file itself for
   *  a package that is not there. */
  readonly file: string;
  /** The package the file belongs to; undefined for the program's own. */
  readonly packageName: string | undefined;
  /** The built-in, or what could not be found. */
  readonly specifier: string | undefined;

  constructor(
    trouble: BundleTrouble,
    message: string,
    fields: {
      fix: string;
      file: string;
      packageName: string | undefined;
      specifier?: string | undefined;
      cause?: unknown;
    },
  ) {
    super(message, { cause: fields.cause });
    this.trouble = trouble;
    this.fix = fields.fix;
    this.file = fields.file;
    this.packageName = fields.packageName;
    this.specifier = fields.specifier;
  }
}
