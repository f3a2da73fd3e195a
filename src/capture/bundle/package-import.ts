/** A value that code takes from an npm package. */
export interface PackageImport {
  /** What the value is called in the bundle; a valid identifier. */
  readonly id: string;
  /** As it stands in the import: `lodash`, `dayjs/plugin/utc.js`. */
  readonly specifier: string;
  /** Name of the export; `default`, or `*` for the whole module. */
  readonly imported: string;
  /** Keys from the export to the value; mostly none. */
  readonly path?: readonly string[];
  /** Absolute path of the file that imports it. */
  readonly from: string;
  readonly kind: 'import' | 'require';
}

export interface Bundle {
  /** An expression whose value is an object with a property for each `id`. */
  readonly code: string;
  /** JSON of a source map (v3) of `code`. */
  readonly map: string;
}
