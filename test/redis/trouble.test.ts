/** What errors mean that no server of these tests gives, as their versions write them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { redisError } from '../../src/registry/redis/trouble.ts';

const IN_SCRIPT = 'ERR Error running script (call to f_d633f055ff5ec97617750bb4b2a32425dc1bae15): ';
const OF_USER = '@user_script:20: @user_script: 20: ';

/** Name and message of the error, the code, and all that is said of it. */
const TOLD: readonly (readonly [name: string, message: string, code: string, told: string])[] = [
  [
    'ReplyError',
    `${IN_SCRIPT}${OF_USER}-OOM command not allowed when used memory > 'maxmemory'.\r\n`,
    'REGISTRY_FULL',
    "OOM command not allowed when used memory > 'maxmemory'; nothing was written; " +
      'raise maxmemory of the server, or delete old versions',
  ],
  [
    'ReplyError',
    `${IN_SCRIPT}${OF_USER}-READONLY You can't write against a read only replica.\r\n`,
    'REGISTRY_READONLY',
    "READONLY You can't write against a read only replica; nothing was written; " +
      'this server is a replica, connect to its master or by sentinel',
  ],
  [
    'ReplyError',
    `${IN_SCRIPT}${OF_USER}The user executing the script can't run this command or subcommand`,
    'REGISTRY_READONLY',
    "The user executing the script can't run this command or subcommand; nothing was written; " +
      'docs/redis.md has the ACL rules that readers and writers need',
  ],
  [
    'ReplyError',
    `${IN_SCRIPT}@user_script:19: WRONGTYPE Operation against a key holding the wrong kind of value`,
    'REGISTRY_CORRUPT',
    'WRONGTYPE Operation against a key holding the wrong kind of value; nothing was written; ' +
      'another program uses these keys; take another namespace',
  ],
  [
    'ReplyError',
    'NOPROTO unsupported protocol version',
    'CONFIG_INVALID',
    'NOPROTO unsupported protocol version; nothing was written; ' +
      'the server is too old; scatter needs Redis 6.2 or newer',
  ],
  [
    'Error',
    'Connection is closed.',
    'REGISTRY_UNREACHABLE',
    'Connection is closed; it hung up; if it speaks TLS, write rediss: in the url, ' +
      'else see maxclients and its log',
  ],
];

describe('redisError', () => {
  for (const [name, message, code, told] of TOLD) {
    it(`reads ${JSON.stringify(message)}`, () => {
      const cause = Object.assign(new Error(message), { name });
      const given = { doing: 'writing', url: 'redis://cache', uncertain: false };
      const error = redisError(cause, given);
      assert.equal(error.code, `SCATTER_ERR_${code}`);
      assert.equal(error.message, `writing the registry redis://cache failed: ${told}`);
      assert.equal(error.cause, cause);
    });
  }

  it('says that nothing was written only of writes, and only where that is sure', () => {
    const refusal = Object.assign(new Error('OOM too much'), { name: 'ReplyError' });
    const told = (doing: string, uncertain: boolean) =>
      redisError(refusal, { doing, url: 'redis://cache', uncertain }).message;
    assert.match(told('writing', false), /; nothing was written; /);
    assert.doesNotMatch(told('reading', false), /nothing was written/);
    assert.doesNotMatch(told('writing', true), /nothing was written/);
  });

  it('tells each address of a name that refused', () => {
    const errors = ['connect ECONNREFUSED ::1:1', 'connect ECONNREFUSED 127.0.0.1:1'].map(
      (message) => new Error(message),
    );
    const cause = Object.assign(new AggregateError(errors), { code: 'ECONNREFUSED' });
    const given = { doing: 'reading', url: 'redis://localhost:1', uncertain: false };
    const { message } = redisError(cause, given);
    assert.match(message, /ECONNREFUSED ::1:1, connect ECONNREFUSED 127.0.0.1:1; nothing listens/);
  });
});
