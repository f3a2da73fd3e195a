import { types } from 'node:util';
import type { AnyFunction } from '../../model/function-type.ts';

/** What an object inherits from, nearest first, up to a proxy: nobody can look past one. */
export function* prototypesOf(value: object): Generator<object, void> {
  let prototype: object | null = Object.getPrototypeOf(value);
  while (prototype !== null && !types.isProxy(prototype)) {
    yield prototype;
    prototype = Object.getPrototypeOf(prototype);
  }
}

/** The function that an object says made it, if that can be looked into. */
export function saidMaker(value: object): AnyFunction | undefined {
  const maker: unknown = Object.getOwnPropertyDescriptor(value, 'constructor')?.value;
  return typeof maker === 'function' && !types.isProxy(maker) ? (maker as AnyFunction) : undefined;
}

/** The class or constructor whose `prototype` an object is. */
export function constructorOf(value: object): AnyFunction | undefined {
  const maker = saidMaker(value);
  if (maker === undefined) return undefined;
  const prototype: unknown = Object.getOwnPropertyDescriptor(maker, 'prototype')?.value;
  return prototype === value ? maker : undefined;
}
