using Groundwork.Ports.Limiting;
using Groundwork.Primitives.Limiting;
using StackExchange.Redis;

namespace Groundwork.Redis.Limits;

/// <summary>
/// Limits by one script on the server: a round trip, the server's clock, all keys or none.
/// </summary>
/// <remarks>
/// <para>It reckons as <see cref="Primitives.Limiting"/> does, in numbers that are whole and below 2⁵³, which a script's doubles hold exactly.
/// States of fixed size are the same bytes as there; a sliding log is a list of the time of each permit, a concurrency limit a sorted set of a
/// member for each permit, by the time since when it is held.</para>
/// <para>Each key has a time to live, after which it would say nothing.</para>
/// </remarks>
internal static class LimitScript
{
    /// <summary>The line that asks for the time: seconds, and microseconds of the second.</summary>
    internal const string Clock = "local time = redis.call('time')";

    /// <summary>
    /// <c>ARGV[1]</c> says what is done: <c>take</c>, <c>peek</c>, <c>exit</c>, <c>reset</c>; then nine words a key. The answer is whether all allowed it, then five
    /// numbers a key.
    /// </summary>
    internal const string Text = Clock + "\n" + """
        local now = time[1] * 1000000 + time[2]
        local what = ARGV[1]
        local floor = math.floor

        local function up(a, b) return floor((a + b - 1) / b) end

        local function set(key, value, life)
            redis.call('set', key, value, 'px', string.format('%.0f', floor(life / 1000) + 1000))
        end

        local function expire(key, life)
            redis.call('pexpire', key, string.format('%.0f', floor(life / 1000) + 1000))
        end

        -- A decision at a level of units, and the level after it.
        local function pay(l, level)
            local full = l.most * l.unit
            local left = -1
            if l.cost <= l.most then left = level - l.cost * l.unit end
            if left >= 0 then return {1, floor(left / l.unit), 0, up(full - left, l.gain), 0}, left end
            local retry = -1
            if l.cost <= l.most then retry = up(-left, l.gain) end
            return {0, floor(level / l.unit), retry, up(full - level, l.gain), 0}, level
        end

        local function bucket(l)
            local full = l.most * l.unit
            local refill = up(full, l.gain)
            local state = redis.call('get', l.key)
            local level = full
            if state and #state == 16 then
                local kept, at = struct.unpack('<i8i8', state)
                local elapsed = math.max(0, now - at)
                if kept >= 0 and kept < full and elapsed < refill then level = math.min(full, kept + elapsed * l.gain) end
            end
            local decision, left = pay(l, level)
            return decision, function()
                if decision[1] == 1 or state then set(l.key, struct.pack('<i8i8', left, now), decision[4]) end
            end
        end

        -- GCRA and the leaky bucket: when all that was taken would be paid back.
        local function arrival(l)
            local full = l.most * l.unit
            local refill = up(full, l.gain)
            local state = redis.call('get', l.key)
            local level = full
            if state and #state == 12 then
                local tat, fraction = struct.unpack('<i8I4', state)
                local ahead = tat - now
                if ahead >= refill then level = 0
                elseif ahead >= 0 then level = math.max(0, full - ahead * l.gain - fraction) end
            end
            local decision, left = pay(l, level)
            if l.algorithm == 'leaky-bucket' and decision[1] == 1 then decision[5] = up(full - level, l.gain) end
            return decision, function()
                if decision[1] == 0 and not state then return end
                local owed = full - left
                local whole = floor(owed / l.gain)
                set(l.key, struct.pack('<i8I4', now + whole, owed - whole * l.gain), decision[4])
            end
        end

        local function window(l)
            local state = redis.call('get', l.key)
            local start, count = now - now % l.period, 0
            if state and #state == 12 then
                local kept, counted = struct.unpack('<i8i4', state)
                local elapsed = now - kept
                if elapsed < l.period then count = math.min(math.max(counted, 0), l.permits) end
                if elapsed >= 0 and elapsed < l.period then start = kept end
            end
            local rest = start + l.period - now
            local room = l.permits - count
            local allowed = l.cost == 0 or l.cost <= room
            if allowed then count = count + l.cost end
            local retry = 0
            if not allowed then retry = l.cost > l.permits and -1 or rest end
            local decision = {allowed and 1 or 0, l.permits - count, retry, count > 0 and rest or 0, 0}
            return decision, function()
                if allowed or state then set(l.key, struct.pack('<i8i4', start, count), decision[4]) end
            end
        end

        local function sliding(l)
            local state = redis.call('get', l.key)
            local start, previous, current = now - now % l.period, 0, 0
            if state and #state == 16 then
                local kept, before, counted = struct.unpack('<i8i4i4', state)
                before = math.min(math.max(before, 0), l.permits)
                counted = math.min(math.max(counted, 0), l.permits)
                local elapsed = now - kept
                if elapsed < 0 then current = math.min(l.permits, before + counted)
                elseif elapsed < l.period then previous, current = before, counted
                elseif elapsed < 2 * l.period then previous = counted end
                if elapsed >= 0 and elapsed < l.period then start = kept end
            end
            local faded = floor((now - start) / l.tick)
            local left = (l.permits - current) * l.unit - previous * (l.unit - faded)
            local room = left > 0 and floor(left / l.unit) or 0
            local allowed = l.cost == 0 or l.cost <= room
            local retry = 0
            if not allowed then
                local missing = l.permits - l.cost - current
                if l.cost > l.permits then retry = -1
                elseif missing >= 0 then retry = start + l.tick * (l.unit - floor(missing * l.unit / previous)) - now
                else retry = start + l.period + l.tick * (l.unit - floor((missing + current) * l.unit / current)) - now end
            end
            if allowed then room, current = room - l.cost, current + l.cost end
            local reset = 0
            if current > 0 then reset = start + 2 * l.period - now elseif previous > 0 then reset = start + l.period - now end
            return {allowed and 1 or 0, room, retry, reset, 0}, function()
                if allowed or state then set(l.key, struct.pack('<i8i4i4', start, previous, current), reset) end
            end
        end

        local function push(key, times)
            for first = 1, #times, 1000 do redis.call('rpush', key, unpack(times, first, math.min(first + 999, #times))) end
        end

        local function text(number) return string.format('%.0f', number) end

        -- Only who takes moves a list in time, and forgets; who looks reckons as if.
        local function log(l)
            local takes = what == 'take' and l.cost > 0
            local newest = tonumber(redis.call('lindex', l.key, -1) or 0)
            local ahead = math.max(0, newest - now)
            newest = newest - ahead
            if ahead > 0 and takes then
                local times = redis.call('lrange', l.key, 0, -1)
                for i = 1, #times do times[i] = text(times[i] - ahead) end
                redis.call('del', l.key)
                push(l.key, times)
                expire(l.key, l.period)
                ahead = 0
            end
            local over = 0
            while true do
                local oldest = redis.call('lindex', l.key, over)
                if not oldest or now - (oldest - ahead) < l.period then break end
                if takes then redis.call('lpop', l.key) else over = over + 1 end
            end
            local used = redis.call('llen', l.key) - over
            local room = l.permits - used
            local rest = used > 0 and newest + l.period - now or 0
            if l.cost > 0 and l.cost > room then
                local retry = -1
                if l.cost <= l.permits then
                    local last = redis.call('lindex', l.key, over + l.cost - room - 1) - ahead
                    retry = math.min(math.max(last + l.period - now, 1), rest)
                end
                return {0, room, retry, rest, 0}, function() end
            end
            if l.cost > 0 then rest = l.period end
            return {1, room - l.cost, 0, rest, 0}, function()
                local times = {}
                for i = 1, l.cost do times[i] = text(now) end
                push(l.key, times)
                expire(l.key, l.period)
            end
        end

        local function leave(l)
            local count = 0
            while redis.call('zrem', l.key, l.holder .. ':' .. (count + 1)) == 1 do count = count + 1 end
            return count
        end

        local function concurrency(l)
            local takes = what == 'take' and l.cost > 0
            local newest = tonumber(redis.call('zrange', l.key, -1, -1, 'withscores')[2] or 0)
            local ahead = math.max(0, newest - now)
            newest = newest - ahead
            if ahead > 0 and takes then
                local all = redis.call('zrange', l.key, 0, -1, 'withscores')
                for i = 1, #all, 2 do redis.call('zadd', l.key, text(all[i + 1] - ahead), all[i]) end
                ahead = 0
            end
            local over = 0
            if takes then redis.call('zremrangebyscore', l.key, '-inf', text(now - l.period))
            else over = redis.call('zcount', l.key, '-inf', text(now - l.period + ahead)) end
            local used = redis.call('zcard', l.key) - over
            local held = 0
            if takes then
                while redis.call('zscore', l.key, l.holder .. ':' .. (held + 1)) do held = held + 1 end
            end
            local room = l.permits - used
            local rest = used > 0 and newest + l.period - now or 0
            if l.cost > 0 and l.cost > room + held then
                local retry = -1
                if l.cost <= l.permits then
                    -- What the holder has itself is no help to it.
                    local missing, at, last = l.cost - room - held, over, 0
                    while missing > 0 do
                        local member = redis.call('zrange', l.key, at, at, 'withscores')
                        if not member[1] then break end
                        last = member[2] - ahead
                        if held == 0 or string.match(member[1], '^%d+') ~= l.holder then missing = missing - 1 end
                        at = at + 1
                    end
                    retry = math.min(math.max(last + l.period - now, 1), rest)
                end
                return {0, room, retry, rest, 0}, function() end
            end
            if l.cost > 0 then rest = l.period end
            return {1, room + held - l.cost, 0, rest, 0}, function()
                leave(l)
                for i = 1, l.cost do redis.call('zadd', l.key, text(now), l.holder .. ':' .. i) end
                expire(l.key, l.period)
            end
        end

        local algorithms = {
            ['token-bucket'] = bucket, ['gcra'] = arrival, ['leaky-bucket'] = arrival, ['fixed-window'] = window,
            ['sliding-window'] = sliding, ['sliding-log'] = log, ['concurrency'] = concurrency
        }

        local decisions, writes, all, asked = {}, {}, 1, {}
        for i = 1, #KEYS do
            local at = 1 + (i - 1) * 9
            local l = {
                key = KEYS[i], algorithm = ARGV[at + 1], permits = tonumber(ARGV[at + 2]), period = tonumber(ARGV[at + 3]), gain = tonumber(ARGV[at + 4]),
                unit = tonumber(ARGV[at + 5]), tick = tonumber(ARGV[at + 6]), most = tonumber(ARGV[at + 7]), cost = tonumber(ARGV[at + 8]), holder = ARGV[at + 9]
            }
            if what == 'reset' then
                redis.call('del', l.key)
            elseif what == 'exit' then
                if leave(l) == 0 then all = 0 end
            else
                asked[i] = l
                decisions[i], writes[i] = algorithms[l.algorithm](l)
                if decisions[i][1] == 0 then all = 0 end
                if l.cost == 0 then writes[i] = nil end
            end
        end

        -- Where some refuse, those alone are written, which have taken nothing: their states follow a clock that was set back. The others say what is there.
        local answer = {all}
        for i, decision in ipairs(decisions) do
            if all == 0 and decision[1] == 1 then
                asked[i].cost = 0
                decision = algorithms[asked[i].algorithm](asked[i])
            end
            if what == 'take' and writes[i] and (all == 1 or decision[1] == 0) then writes[i]() end
            for j = 1, 5 do answer[#answer + 1] = decision[j] end
        end
        return answer
        """;

    /// <summary>The arguments of a call.</summary>
    public static RedisValue[] Arguments(string what, ReadOnlySpan<LimitTake> takes)
    {
        var words = new RedisValue[1 + (takes.Length * 9)];
        var at = 0;
        words[at++] = what;
        foreach (ref readonly var take in takes)
        {
            var limit = take.Limit;
            words[at++] = LimitAlgorithmNames.Of(limit.Algorithm);
            words[at++] = limit.Permits;
            words[at++] = limit.Period;
            words[at++] = limit.Gain;
            words[at++] = limit.Unit;
            words[at++] = limit.Tick;
            words[at++] = limit.MaxCost;
            words[at++] = take.Cost;
            words[at++] = take.Holder.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return words;
    }
}
