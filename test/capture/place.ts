import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import type { AnyFunction } from '../../src/model/function-type.ts';

const FOLDER = 'test/capture/fixtures';

/**
 * Checks that a refusal's trail begins with the function that was captured, at its file, line and
 * column, counted from 1. What has no text in the file (native, bound, evaluated code) has no place.
 */
export function checkPlace(message: string, fn: AnyFunction, file: string): void {
  const places = placesOf(String(fn), file);
  if (places.length === 0) return;
  const trail = message.slice(message.indexOf('reached through:'));
  const [first] = /\([^()\s]+:\d+:\d+\)/.exec(trail) ?? [];
  assert.ok(places.includes(first ?? ''), `none of ${places.join(' ')} begins:\n${message}`);
}

/** Everywhere that this text stands in the file, as `(path:line:column)`. */
function placesOf(text: string, file: string): string[] {
  const source = sourceOf(file);
  const places: string[] = [];
  for (let at = source.indexOf(text); at >= 0; at = source.indexOf(text, at + 1)) {
    const lines = source.slice(0, at).split('\n');
    places.push(`(${FOLDER}/${file}:${lines.length}:${(lines.at(-1) ?? '').length + 1})`);
  }
  return places;
}

/** As it runs; stripping types moves nothing. */
function sourceOf(file: string): string {
  const text = readFileSync(new URL(`fixtures/${file}`, import.meta.url), 'utf8');
  return file.endsWith('.ts') ? stripTypeScriptTypes(text) : text;
}
