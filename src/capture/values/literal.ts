export type Primitive = null | undefined | boolean | number | string | bigint;

/**
 * A primitive as JavaScript. It names no global, so it means the same wherever it stands, also where
 * a captured variable is called `undefined` or `NaN`.
 */
export function primitiveText(value: Primitive): string {
  switch (typeof value) {
    case 'undefined':
      return 'void 0';
    case 'string':
      return stringText(value);
    case 'number':
      return numberText(value);
    case 'bigint':
      return `${value}n`;
    default:
      return String(value);
  }
}

/** A string as JavaScript on one line; JSON escapes lone surrogates but not the line separators. */
export function stringText(value: string): string {
  return JSON.stringify(value).replace(/[\u2028\u2029]/g, (character) =>
    character === '\u2028' ? '\\u2028' : '\\u2029',
  );
}

/** A key of an object literal; `__proto__` is computed, because written plainly it sets the prototype. */
export function keyText(key: string): string {
  if (key === '__proto__') return '["__proto__"]';
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : stringText(key);
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return '0/0';
  if (value === Number.POSITIVE_INFINITY) return '1/0';
  if (value === Number.NEGATIVE_INFINITY) return '-1/0';
  return Object.is(value, -0) ? '-0' : String(value);
}
