/** A value as JSON; what JSON has no word for becomes what is nearest to it. */
export function toJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, nearest, indent) ?? 'null';
}

function nearest(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Map || value instanceof Set) return [...value];
  if (value instanceof ArrayBuffer) return [...new Uint8Array(value)];
  if (isTypedArray(value)) return Array.from(value);
  if (value instanceof Error) return { ...value, name: value.name, message: value.message };
  return value;
}

function isTypedArray(value: unknown): value is ArrayBufferView & ArrayLike<number | bigint> {
  return ArrayBuffer.isView(value) && 'length' in value;
}
