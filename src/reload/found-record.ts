import type { FunctionRecord } from '../registry/registry.ts';
import type { HandleHost } from './handle-host.ts';

/**
 * @param brief whether no person reads the error
 * @throws ScatterError `FUNCTION_NOT_FOUND` when what was asked for is not there
 */
export async function foundRecord(
  host: HandleHost,
  name: string,
  asked: Promise<FunctionRecord | undefined>,
  brief = false,
): Promise<FunctionRecord> {
  const record = await asked;
  if (record === undefined) throw await host.functionNotFound(name, brief);
  return record;
}
