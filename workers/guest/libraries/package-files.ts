/** A file of an npm package, as a CommonJS module. */
type PackageFile = (
  module: { exports: unknown },
  exports: unknown,
  require: (id: string) => unknown,
  sharedArrayBuffer: object,
) => void;

/** Files of packages by their ids, which the linker adds, see `workers/package-files.ts`. */
export declare const packageFiles: Readonly<Record<string, PackageFile>>;
