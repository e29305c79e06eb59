"""What runs inside of Redis: steps that must not come apart, by the one clock that all processes share.

The clocks of two machines may differ by an hour; the time of Redis is the only one that is compared here.
"""

PREFIX = "csts:"
# Process → the moment, in milliseconds, at which its lease ends.
PROCESSES = f"{PREFIX}processes"
# How often somebody has told a thing that others may not have heard.
MISSED = f"{PREFIX}missed"


def here_key(channel: str) -> str:
    """A hash: process → whom it sees on this channel."""
    return f"{PREFIX}here:{channel}"


def places_key(process: str) -> str:
    """A set: the channels on which this process sees somebody."""
    return f"{PREFIX}places:{process}"


_NOW = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
"""

_OTHERS = """
local others = {}
local seen = redis.call('HGETALL', KEYS[2])
for i = 1, #seen, 2 do
  local ends = redis.call('ZSCORE', KEYS[1], seen[i])
  if seen[i] ~= ARGV[1] and ends and tonumber(ends) > now then others[#others + 1] = seen[i + 1] end
end
return others
"""

# KEYS: processes, here. ARGV: this process. What the living others see on the channel.
OTHERS = _NOW + _OTHERS

# KEYS: processes, here, places. ARGV: this process, whom it sees (empty for nobody), the channel. As OTHERS.
PLACE = (
    _NOW
    + """
if ARGV[2] == '' then
  redis.call('HDEL', KEYS[2], ARGV[1])
  redis.call('SREM', KEYS[3], ARGV[3])
else
  redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
  redis.call('SADD', KEYS[3], ARGV[3])
end
"""
    + _OTHERS
)

# KEYS: processes, missed. ARGV: this process, milliseconds of its lease, milliseconds after which one counts as
# silent, how many things it could not tell. Returns: whether its lease was alive, all that was missed so far, how
# many others are silent, and those whose lease has ended.
BEAT = (
    _NOW
    + """
local lease = tonumber(ARGV[2])
local ends = redis.call('ZSCORE', KEYS[1], ARGV[1])
local missed = redis.call('INCRBY', KEYS[2], ARGV[4])
redis.call('ZADD', KEYS[1], now + lease, ARGV[1])
local dead = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now)
local silent = redis.call('ZCOUNT', KEYS[1], '(' .. now, now + lease - tonumber(ARGV[3]))
return {ends and tonumber(ends) > now and 1 or 0, missed, silent, dead}
"""
)

_FORGET = """
local places = redis.call('SMEMBERS', KEYS[2])
for _, channel in ipairs(places) do redis.call('HDEL', ARGV[2] .. channel, ARGV[1]) end
redis.call('DEL', KEYS[2])
return places
"""

# KEYS: processes, places of the process. ARGV: the process, the prefix of the hashes. What it sees is seen no more;
# returns the channels, to the first who asks.
FORGET = _FORGET

# As FORGET, with the process itself; not where its lease has been renewed in the meantime.
BURY = (
    _NOW
    + """
local ends = redis.call('ZSCORE', KEYS[1], ARGV[1])
if ends and tonumber(ends) > now then return {} end
redis.call('ZREM', KEYS[1], ARGV[1])
"""
    + _FORGET
)
