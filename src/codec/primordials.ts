/**
 * The built-ins as they are when this file is loaded. Guest code that runs later can replace any
 * method and put setters on any prototype; the codec therefore calls only what is kept here, and
 * methods only uncurried: `MapPrototypeGet(map, key)` in place of `map.get(key)`.
 */
const { bind, call } = Function.prototype;
const uncurry: <T, A extends unknown[], R>(
  method: (this: T, ...args: A) => R,
) => (self: T, ...args: A) => R = bind.bind(call) as never;

export const {
  defineProperty: ObjectDefineProperty,
  getOwnPropertyDescriptor: ObjectGetOwnPropertyDescriptor,
  getPrototypeOf: ObjectGetPrototypeOf,
  hasOwn: ObjectHasOwn,
  keys: ObjectKeys,
} = Object;
export const ObjectPrototype: object = Object.prototype;

export const ReflectApply: <A extends readonly unknown[], R>(
  target: (...args: A) => R,
  self: unknown,
  args: readonly unknown[],
) => R = Reflect.apply as never;
export const ReflectConstruct: <T>(
  target: new (...args: never[]) => T,
  args: readonly unknown[],
  newTarget: object,
) => T = Reflect.construct as never;
export const ReflectOwnKeys: (target: object) => (string | symbol)[] = Reflect.ownKeys;

export const ArrayPrototype: object = Array.prototype;
export const ArrayIsArray: (value: unknown) => value is unknown[] = Array.isArray;
export const ArrayFrom: (source: { readonly length: number }) => unknown[] = Array.from;
// Unlike slice and splice it neither asks for a species nor assigns to holes.
export const ArrayPrototypeToSpliced: (
  array: readonly unknown[],
  start: number,
  skip: number,
) => unknown[] = uncurry(Array.prototype.toSpliced);

export const StringFromCharCode: (...units: number[]) => string = String.fromCharCode;
export const StringPrototypeCharCodeAt: (text: string, index: number) => number = uncurry(
  String.prototype.charCodeAt,
);
export const StringPrototypeIsWellFormed: (text: string) => boolean = uncurry(
  String.prototype.isWellFormed,
);
export const StringPrototypeSlice: (text: string, start: number, end?: number) => string = uncurry(
  String.prototype.slice,
);
export const StringPrototypeIndexOf: (text: string, part: string, from?: number) => number =
  uncurry(String.prototype.indexOf);
export const StringPrototypeRepeat: (text: string, count: number) => string = uncurry(
  String.prototype.repeat,
);
export const StringPrototypeValueOf: (text: unknown) => string = uncurry(
  String.prototype.valueOf as (this: unknown) => string,
);

export const NumberPrototypeValueOf: (value: unknown) => number = uncurry(
  Number.prototype.valueOf as (this: unknown) => number,
);
export const BooleanPrototypeValueOf: (value: unknown) => boolean = uncurry(
  Boolean.prototype.valueOf as (this: unknown) => boolean,
);
export const BigIntPrototypeValueOf: (value: unknown) => bigint = uncurry(
  BigInt.prototype.valueOf as (this: unknown) => bigint,
);
export const BigIntPrototypeToString: (value: bigint, radix?: number) => string = uncurry(
  BigInt.prototype.toString,
);
export const SymbolPrototypeValueOf: (value: unknown) => symbol = uncurry(
  Symbol.prototype.valueOf as (this: unknown) => symbol,
);
export const SymbolPrototypeToString: (value: symbol) => string = uncurry(
  Symbol.prototype.toString,
);
export const ObjectOf: (primitive: unknown) => object = Object as never;
export const StringOf: (primitive: unknown) => string = String;
export const NumberOf: (primitive: unknown) => number = Number;
export const NumberParseFloat: (text: string) => number = Number.parseFloat;
export const {
  imul: MathImul,
  max: MathMax,
  min: MathMin,
  random: MathRandom,
  trunc: MathTrunc,
} = Math;
export const BigIntOf: (text: string) => bigint = BigInt;
export const JSONStringify: (value: unknown) => string | undefined = JSON.stringify;

export const MapConstructor: new () => Map<unknown, unknown> = Map;
export const MapPrototype: object = Map.prototype;
export const MapPrototypeGet: (map: Map<unknown, unknown>, key: unknown) => unknown = uncurry(
  Map.prototype.get,
);
export const MapPrototypeHas: (map: Map<unknown, unknown>, key: unknown) => boolean = uncurry(
  Map.prototype.has,
);
export const MapPrototypeSet: (map: Map<unknown, unknown>, key: unknown, value: unknown) => void =
  uncurry(Map.prototype.set);
export const MapPrototypeForEach: (
  map: Map<unknown, unknown>,
  visit: (value: unknown, key: unknown) => void,
) => void = uncurry(Map.prototype.forEach);
export const MapPrototypeGetSize: (map: unknown) => number = getter(Map.prototype, 'size');

export const SetConstructor: new () => Set<unknown> = Set;
export const SetPrototype: object = Set.prototype;
export const SetPrototypeAdd: (set: Set<unknown>, value: unknown) => void = uncurry(
  Set.prototype.add,
);
export const SetPrototypeForEach: (set: Set<unknown>, visit: (value: unknown) => void) => void =
  uncurry(Set.prototype.forEach);
export const SetPrototypeGetSize: (set: unknown) => number = getter(Set.prototype, 'size');

export const DateConstructor: new (ms: number) => Date = Date;
export const DatePrototype: object = Date.prototype;
export const DatePrototypeGetTime: (date: unknown) => number = uncurry(
  Date.prototype.getTime as (this: unknown) => number,
);
export const DatePrototypeToISOString: (date: Date) => string = uncurry(Date.prototype.toISOString);

export const RegExpConstructor: new (source: string, flags: string) => RegExp = RegExp;
export const RegExpPrototypeGetSource: (regexp: unknown) => string = getter(
  RegExp.prototype,
  'source',
);
// The getter `flags` itself reads these through patchable properties.
export const REGEXP_FLAGS: readonly { letter: string; isSet: (regexp: unknown) => boolean }[] = [
  { letter: 'd', isSet: getter(RegExp.prototype, 'hasIndices') },
  { letter: 'g', isSet: getter(RegExp.prototype, 'global') },
  { letter: 'i', isSet: getter(RegExp.prototype, 'ignoreCase') },
  { letter: 'm', isSet: getter(RegExp.prototype, 'multiline') },
  { letter: 's', isSet: getter(RegExp.prototype, 'dotAll') },
  { letter: 'u', isSet: getter(RegExp.prototype, 'unicode') },
  { letter: 'v', isSet: getter(RegExp.prototype, 'unicodeSets') },
  { letter: 'y', isSet: getter(RegExp.prototype, 'sticky') },
];

export const ArrayBufferConstructor: new (bytes: number) => ArrayBuffer = ArrayBuffer;
export const ArrayBufferPrototype: object = ArrayBuffer.prototype;
export const ArrayBufferPrototypeGetByteLength: (buffer: unknown) => number = getter(
  ArrayBuffer.prototype,
  'byteLength',
);
export const ArrayBufferPrototypeGetDetached: (buffer: unknown) => boolean = getter(
  ArrayBuffer.prototype,
  'detached',
);

export const Uint8ArrayConstructor: {
  new (length: number): Uint8Array<ArrayBuffer>;
  new <B extends ArrayBufferLike>(buffer: B, offset: number, length: number): Uint8Array<B>;
} = Uint8Array;
const TypedArrayPrototype: object = ObjectGetPrototypeOf(Uint8Array.prototype);
/** The class name of a typed array of any realm, undefined for everything else. */
export const TypedArrayPrototypeGetName: (value: unknown) => string | undefined = getter(
  TypedArrayPrototype,
  Symbol.toStringTag,
);
export const TypedArrayPrototypeGetLength: (array: unknown) => number = getter(
  TypedArrayPrototype,
  'length',
);
export const TypedArrayPrototypeGetByteLength: (array: unknown) => number = getter(
  TypedArrayPrototype,
  'byteLength',
);
export const TypedArrayPrototypeGetByteOffset: (array: unknown) => number = getter(
  TypedArrayPrototype,
  'byteOffset',
);
export const TypedArrayPrototypeGetBuffer: (array: unknown) => ArrayBuffer = getter(
  TypedArrayPrototype,
  'buffer',
);
export const TypedArrayPrototypeSet: (
  target: Uint8Array,
  source: Uint8Array,
  offset: number,
) => void = uncurry(Uint8Array.prototype.set);

export const DataViewConstructor: new (buffer: ArrayBuffer, at: number, size: number) => DataView =
  DataView;
export const DataViewPrototypeGetBuffer: (view: unknown) => ArrayBuffer = getter(
  DataView.prototype,
  'buffer',
);
export const DataViewPrototypeGetByteOffset: (view: unknown) => number = getter(
  DataView.prototype,
  'byteOffset',
);
export const DataViewPrototypeGetByteLength: (view: unknown) => number = getter(
  DataView.prototype,
  'byteLength',
);

export const ErrorConstructor: new (message: string) => Error = Error;
export const ErrorIsError: (value: unknown) => value is Error = (
  Error as unknown as { isError(value: unknown): value is Error }
).isError;

function getter<R>(prototype: object, name: string | symbol): (self: unknown) => R {
  const get = ObjectGetOwnPropertyDescriptor(prototype, name)?.get as (this: unknown) => R;
  return uncurry(get);
}
