import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cross } from './cross.ts';

describe('errors that cross', () => {
  it('built-in classes arrive as themselves', () => {
    for (const Class of [
      Error,
      TypeError,
      RangeError,
      SyntaxError,
      ReferenceError,
      EvalError,
      URIError,
    ]) {
      const arrived = cross(new Class('bad')) as Error;
      assert.equal(Object.getPrototypeOf(arrived), Class.prototype);
      assert.equal(arrived.message, 'bad');
      assert.equal(arrived.name, Class.name);
    }
  });

  it('cause and own fields come along', () => {
    const error = Object.assign(new TypeError('bad', { cause: { code: 1 } }), {
      status: 404,
      at: [1n],
    });
    const arrived = cross(error) as TypeError & { status: number; at: unknown };
    assert.deepStrictEqual(arrived.cause, { code: 1 });
    assert.deepStrictEqual({ ...arrived }, { status: 404, at: [1n] });
  });

  it('a cause that is undefined is still a cause', () => {
    assert.equal(
      Object.hasOwn(cross(new Error('a', { cause: undefined })) as Error, 'cause'),
      true,
    );
    assert.equal(Object.hasOwn(cross(new Error('a')) as Error, 'cause'), false);
  });

  it('a class of the program arrives as an Error with its name', () => {
    class DatabaseError extends Error {
      override readonly name = 'DatabaseError';
    }
    const arrived = cross(new DatabaseError('down')) as Error;
    assert.equal(Object.getPrototypeOf(arrived), Error.prototype);
    assert.equal(`${arrived}`, 'DatabaseError: down');
    assert.deepEqual(Object.keys(arrived), []);
  });

  it('an AggregateError keeps its errors', () => {
    const arrived = cross(new AggregateError([new TypeError('a'), 2], 'both')) as AggregateError;
    assert.equal(arrived instanceof AggregateError, true);
    assert.equal((arrived.errors[0] as Error).message, 'a');
    assert.deepEqual(Object.keys(arrived), []);
  });

  it('the stack is one line without a path', () => {
    assert.equal((cross(new TypeError('bad')) as Error).stack, 'TypeError: bad');
    assert.equal((cross(new Error('')) as Error).stack, 'Error');
  });

  it('fields with odd names come along, those of every error do not', () => {
    const error = new Error('m');
    const fields = { ['__proto__']: 1, '\ud800': 2 };
    Object.defineProperties(error, Object.getOwnPropertyDescriptors(fields));
    error.stack = 'secret';
    const arrived = cross(error) as Error;
    assert.deepStrictEqual(Object.entries(arrived), [
      ['__proto__', 1],
      ['\ud800', 2],
    ]);
    assert.equal(arrived.stack, 'Error: m');
  });
});
