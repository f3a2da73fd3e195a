import { defineOwn } from './own-property.ts';
import { ErrorConstructor, ReflectConstruct } from './primordials.ts';

type NewError = new (message: string) => Error;

const EvalErrorOf: NewError = EvalError;
const RangeErrorOf: NewError = RangeError;
const ReferenceErrorOf: NewError = ReferenceError;
const SyntaxErrorOf: NewError = SyntaxError;
const TypeErrorOf: NewError = TypeError;
const URIErrorOf: NewError = URIError;
const AggregateErrorOf: object = AggregateError;

/**
 * An error of the built-in class of that name, else an Error that is called so. Its stack is one
 * line: where it was made is no business of the other side.
 */
export function newError(name: string, message: string): Error {
  const error = newBuiltIn(name, message) ?? newNamed(name, message);
  defineOwn(error, 'stack', message === '' ? name : `${name}: ${message}`, false);
  return error;
}

/** Whether a built-in class has this name. */
export function isErrorClass(name: string): boolean {
  return newBuiltIn(name, '') !== undefined;
}

/** Whether a built-in class keeps this field from being listed. */
export function isHiddenField(name: string, key: string): boolean {
  return name === 'AggregateError' && key === 'errors';
}

function newBuiltIn(name: string, message: string): Error | undefined {
  switch (name) {
    case 'Error':
      return new ErrorConstructor(message);
    case 'TypeError':
      return new TypeErrorOf(message);
    case 'RangeError':
      return new RangeErrorOf(message);
    case 'SyntaxError':
      return new SyntaxErrorOf(message);
    case 'ReferenceError':
      return new ReferenceErrorOf(message);
    case 'EvalError':
      return new EvalErrorOf(message);
    case 'URIError':
      return new URIErrorOf(message);
    case 'AggregateError':
      return newAggregate(message);
  }
  return undefined;
}

function newAggregate(message: string): Error {
  // Its own constructor would go over a list, by way of what arrays inherit.
  const error = ReflectConstruct(ErrorConstructor, [message], AggregateErrorOf);
  defineOwn(error, 'errors', [], false);
  return error;
}

function newNamed(name: string, message: string): Error {
  const error = new ErrorConstructor(message);
  defineOwn(error, 'name', name, false);
  return error;
}
