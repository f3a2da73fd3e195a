import { newArray } from './own-property.ts';
import {
  MapPrototypeForEach,
  MapPrototypeGetSize,
  SetPrototypeForEach,
  SetPrototypeGetSize,
} from './primordials.ts';

/**
 * Keys and values of a map in turn. A list of their own, because code that runs while they are
 * visited (a getter in one of them) can change the map.
 */
export function mapItems(map: Map<unknown, unknown>): unknown[] {
  const items = newArray(MapPrototypeGetSize(map) * 2);
  let at = 0;
  MapPrototypeForEach(map, (value, key) => {
    items[at] = key;
    items[at + 1] = value;
    at += 2;
  });
  return items;
}

/** The values of a set, for the same reason. */
export function setItems(set: Set<unknown>): unknown[] {
  const items = newArray(SetPrototypeGetSize(set));
  let at = 0;
  SetPrototypeForEach(set, (value) => {
    items[at] = value;
    at += 1;
  });
  return items;
}
