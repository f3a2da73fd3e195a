/**
 * Parts of the guest's world that cost nothing until a guest uses them: the global object has accessors
 * for their names, and the text stands outside of the heap, one for all isolates of a thread.
 */
import { defineOwn } from '../../src/codec/own-property.ts';
import {
  ObjectDefineProperty,
  ObjectGetOwnPropertyDescriptor,
  ObjectHasOwn,
  ObjectKeys,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
} from '../../src/codec/primordials.ts';
import { evaluateGlobally, GUEST_GLOBAL } from './guest-primordials.ts';
import { LIBRARY_GLOBALS, type LibraryName } from './library-globals.ts';
import { libraryImports } from './library-imports.ts';

type Exports = Record<string, unknown>;

const loadedLibraries: Record<string, Exports | undefined> = { __proto__: null } as never;
let libraryText = '';

/** The worker hands in the sections of `workers/library-source.ts`. */
export function useLibraries(text: string): void {
  libraryText = text;
}

/** What a library has, which is loaded for it if it is not there yet. */
export function useLibrary(library: LibraryName): Exports {
  const known = loadedLibraries[library];
  if (known !== undefined) return known;
  const make = evaluateGlobally(findSection(library)) as (imports: object) => Exports;
  const made = make(libraryImports());
  loadedLibraries[library] = made;
  return made;
}

/** Gives the global object the names of a library. */
export function offerLibrary(library: LibraryName): void {
  const names: readonly string[] = LIBRARY_GLOBALS[library];
  for (let i = 0; i < names.length; i += 1) offerGlobal(names[i] as string, library);
}

function offerGlobal(name: string, library: LibraryName): void {
  // Methods, which have no `prototype` and construct nothing.
  const { get, set } = {
    get(): unknown {
      const value = useLibrary(library)[name];
      if (isOffered(name, get)) defineOwn(GUEST_GLOBAL, name, value, false);
      return value;
    },
    // As an assignment to a data property does, also to one that is inherited.
    set(this: object, value: unknown): void {
      defineOwn(this, name, value, this !== GUEST_GLOBAL);
    },
  };
  const descriptor = { __proto__: null, get, set, enumerable: false, configurable: true };
  ObjectDefineProperty(GUEST_GLOBAL, name, descriptor);
}

/** Whether the guest has left the accessor where it was. */
function isOffered(name: string, get: () => unknown): boolean {
  const descriptor = ObjectGetOwnPropertyDescriptor(GUEST_GLOBAL, name);
  return (
    descriptor?.configurable === true && ObjectHasOwn(descriptor, 'get') && descriptor.get === get
  );
}

/** Sections stand in the order of the names, with a zero between them. */
function findSection(library: LibraryName): string {
  const libraries = ObjectKeys(LIBRARY_GLOBALS);
  let start = 0;
  for (let i = 0; libraries[i] !== library; i += 1) {
    start = StringPrototypeIndexOf(libraryText, '\0', start) + 1;
  }
  const end = StringPrototypeIndexOf(libraryText, '\0', start);
  return StringPrototypeSlice(libraryText, start, end);
}
