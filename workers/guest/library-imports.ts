/**
 * What libraries import from files of the prelude, by name. The linker writes this function, see
 * `workers/library-source.ts`.
 */
export declare function libraryImports(): object;
