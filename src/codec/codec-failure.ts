/**
 * `unsupported`: a value that cannot cross; `too-large`: more bytes or containers than allowed;
 * `malformed`: bytes that are not an encoded value.
 */
export type CodecFailureKind = 'unsupported' | 'too-large' | 'malformed';

/** What went wrong, as plain fields, so that it can leave an isolate as a record. */
export interface CodecFailureReport {
  readonly kind: CodecFailureKind;
  /** Where in the value, such as `args[0].user.onSave`; empty for malformed bytes. */
  readonly path: string;
  /** Goes on after the path: `is a function; only data crosses into or out of a function`. */
  readonly reason: string;
}

// Assigned once by the class: only code inside it can test for its private field.
let hasBrand: (value: object) => boolean;

/** Thrown by the codec, in the host and in an isolate. The host shows it as a `ScatterError`. */
export class CodecFailure extends Error implements CodecFailureReport {
  readonly #brand = true;
  readonly kind: CodecFailureKind;
  readonly path: string;
  readonly reason: string;

  static {
    hasBrand = (value) => #brand in value;
  }

  constructor(kind: CodecFailureKind, path: string, reason: string) {
    super(path === '' ? reason : `${path} ${reason}`);
    this.kind = kind;
    this.path = path;
    this.reason = reason;
  }
}

/** Whether the codec made `value`; a guest can neither forge nor observe the answer. */
export function isCodecFailure(value: unknown): value is CodecFailure {
  return typeof value === 'object' && value !== null && hasBrand(value);
}
