import { createHash } from 'node:crypto';

/**
 * Writes one planned change, or nothing: it is done once for an id, and only on the very state that it
 * was planned on. Answers `written`, `stale`, or `done` and what was answered then.
 *
 * Redis does not undo a script that fails halfway. So whatever can fail, a key of another type or a
 * command that this user may not run, is met before the first write that somebody could read.
 */
export const COMMIT_SCRIPT = `
local functions, versions, artifacts, uses, log, commits = unpack(KEYS)
local at = 0
local function take()
  at = at + 1
  return ARGV[at]
end
local function count()
  return tonumber(take())
end

local id, expected = take(), take()
local done = redis.call('HGET', commits, id)
if done then return {'done', done} end
if (redis.call('HGET', functions, '@head') or '') ~= expected then return {'stale'} end

for _, key in ipairs({versions, artifacts, uses, commits}) do redis.call('HGET', key, '@') end
redis.call('HEXISTS', artifacts, '@')
redis.call('XLEN', log)
redis.call('XRANGE', log, '-', '+', 'COUNT', 1)
-- When the memory is full, only the first command that writes is refused: it is one that takes memory
-- if the change brings artifacts, and else one that takes none. Going back must work, and deleting.
if take() == 'grows' then redis.call('HSET', functions, '@format', '1') end
for _, key in ipairs({versions, artifacts, uses, commits}) do redis.call('HDEL', key, '@') end
redis.call('XTRIM', log, 'MINID', '0')
redis.call('HSET', functions, '@format', '1')

local head, answer, epoch, capacity = take(), take(), take(), count()
local channel, hint = take(), take()

for n = 1, count() do
  local fields = count()
  redis.call('XADD', log, epoch .. '-' .. n, unpack(ARGV, at + 1, at + fields))
  at = at + fields
end
for _ = 1, count() do
  redis.call('HSET', functions, take(), take())
end
for _ = 1, count() do
  local field, record, digest, blob = take(), take(), take(), take()
  redis.call('HSET', versions, field, record)
  local others = tonumber(redis.call('HGET', uses, digest) or '0')
  redis.call('HSET', uses, digest, others + 1)
  -- Also one that is lost, though versions have it.
  if redis.call('HEXISTS', artifacts, digest) == 0 then redis.call('HSET', artifacts, digest, blob) end
end
for _ = 1, count() do
  local field = take()
  local record = redis.call('HGET', versions, field)
  if record then
    redis.call('HDEL', versions, field)
    local digest = string.match(record, '"digest":"(%x+)"') or ''
    local others = tonumber(redis.call('HGET', uses, digest) or '1') - 1
    if others > 0 then
      redis.call('HSET', uses, digest, others)
    else
      redis.call('HDEL', uses, digest)
      redis.call('HDEL', artifacts, digest)
    end
  end
end

redis.call('HSET', commits, id, answer)
local over = redis.call('XLEN', log) - capacity
if over > 0 then
  -- Entries of one epoch stay or go together: half a push would look like a whole one.
  local oldest = redis.call('XRANGE', log, '-', '+', 'COUNT', over)
  -- This write itself stays, however large: its id must be found when it is tried again.
  local floor = math.min(tonumber(string.match(oldest[#oldest][1], '^%d+')), tonumber(epoch) - 1)
  for _, entry in ipairs(redis.call('XRANGE', log, '-', floor)) do
    local fields = entry[2]
    for n = 1, #fields, 2 do
      if fields[n] == 'commit' then redis.call('HDEL', commits, fields[n + 1]) end
    end
  end
  redis.call('XTRIM', log, 'MINID', floor + 1)
end
redis.call('HSET', functions, '@head', head)

-- How many heard the last hint tells the next ones how far to spread out.
local heard = redis.call('HGET', functions, '@heard') or '0'
local told = redis.pcall('PUBLISH', channel, hint .. ' ' .. heard)
if type(told) == 'number' and told ~= tonumber(heard) then
  redis.call('HSET', functions, '@heard', told)
end
return {'written', type(told) == 'number' and '' or told.err}
`;

export const COMMIT_SHA = createHash('sha1').update(COMMIT_SCRIPT).digest('hex');
