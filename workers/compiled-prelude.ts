import type ivm from 'isolated-vm';

/** What V8 made of the prelude of this thread. It came from here and nowhere else: V8 trusts such data. */
let compiled:
  | { readonly prelude: string; readonly data: ivm.ExternalCopy<ArrayBuffer> }
  | undefined;

/** Runs the prelude in a new context; compiles it only for the first isolate of a thread. */
export function runPrelude(
  isolate: ivm.Isolate,
  context: ivm.Context,
  prelude: string,
): ivm.Reference {
  const known = compiled?.prelude === prelude ? compiled : undefined;
  const script = isolate.compileScriptSync(prelude, {
    filename: 'scatter:prelude',
    ...(known === undefined ? { produceCachedData: true } : { cachedData: known.data }),
  });
  // The declarations leave the result out.
  const { cachedData } = script as ivm.Script & ivm.CachedDataResult;
  if (cachedData !== undefined) compiled = { prelude, data: cachedData };
  const value = script.runSync(context, { reference: true });
  script.release();
  return value;
}
