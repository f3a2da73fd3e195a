import { newArray } from './own-property.ts';
import { ObjectGetOwnPropertyDescriptor, ObjectKeys } from './primordials.ts';

/** Whether every error has this field, so that it is not part of an error's data. */
export function isErrorPart(key: string): boolean {
  return key === 'name' || key === 'message' || key === 'stack' || key === 'cause';
}

/** The own fields that are data and not part of every error. */
export function errorFieldKeys(error: Error): readonly string[] {
  const all = ObjectKeys(error);
  let count = 0;
  for (let index = 0; index < all.length; index += 1) {
    const key = all[index] as string;
    if (isErrorPart(key)) continue;
    all[count] = key;
    count += 1;
  }
  // An AggregateError's own list is not enumerable.
  const descriptor = ObjectGetOwnPropertyDescriptor(error, 'errors');
  const hidden = descriptor !== undefined && !descriptor.enumerable ? 1 : 0;
  const keys = newArray(count + hidden) as string[];
  for (let index = 0; index < count; index += 1) keys[index] = all[index] as string;
  if (hidden === 1) keys[count] = 'errors';
  return keys;
}
