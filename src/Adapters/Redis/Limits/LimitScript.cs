using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using Groundwork.Ports.Limiting;
using Groundwork.Primitives.Limiting;

namespace Groundwork.Redis.Limits;

/// <summary>
/// Limits by one script on the server: a round trip, the server's clock, of each request all keys or none.
/// </summary>
/// <remarks>
/// <para>It reckons as <see cref="Primitives.Limiting"/> does, in numbers that are whole and below 2⁵³, which a script's doubles hold exactly.
/// States of fixed size are the same bytes as there, with the time of their end behind them; a sliding log is a list of the time of each permit, a concurrency limit a sorted set of a
/// member for each permit, by the time since when it is held. Each key has a time to live, after which it would say nothing.</para>
/// <para>A call carries any number of requests, one after the other: what it costs to call a script, to begin it, and to ask for the time is paid once.
/// Arguments and answers are packed, since each word of a command costs the server about as much as a step of an algorithm.</para>
/// </remarks>
internal static class LimitScript
{
    /// <summary>The line that asks for the time: seconds, and microseconds of the second.</summary>
    internal const string Clock = "local time = redis.call('time')";

    /// <summary>
    /// <c>ARGV[1]</c> are requests, each with what is done (<see cref="LimitStep"/>), how many limits it has, and of each eight numbers and the
    /// holder; <c>KEYS</c> are the keys of all. The answer is, for each request, whether all allowed it, then five numbers a limit where it takes or looks.
    /// </summary>
    internal const string Text = Clock + "\n" + """
        local now = time[1] * 1000000 + time[2]
        local floor, max, min, call, read, pack = math.floor, math.max, math.min, redis.call, struct.unpack, struct.pack

        local function up(a, b) return floor((a + b - 1) / b) end

        -- Whole milliseconds, with one second to spare for what rounding takes.
        local function life(microseconds) return floor(microseconds / 1000) + 1000 end

        -- A state of fixed size, and behind it the second in which its key ends; without it, it is none.
        local function load(l, size)
            local state = call('get', l.key)
            l.ends = state and #state == size + 4 and read('<I4', state, size + 1)
            return state
        end

        -- Overwriting costs the server half of what setting with a time to live does: a key lives up to twice as long as it has to.
        local function keep(l)
            local rest = now + l.reset
            if l.ends and l.ends * 1000000 >= rest then
                call('setrange', l.key, 0, l.value)
            else
                local ends = floor((rest + l.reset) / 1000000) + 1
                call('set', l.key, l.value .. pack('<I4', ends), 'px', ends * 1000 - floor(now / 1000))
            end
        end

        -- Each algorithm gives its decision (whether, what remains, when to come back, when all is back, how long to wait), and what is then written.

        local function pay(l, level)
            local full = l.most * l.unit
            local left = -1
            if l.cost <= l.most then left = level - l.cost * l.unit end
            if left >= 0 then return 1, floor(left / l.unit), 0, up(full - left, l.gain), left end
            return 0, floor(level / l.unit), l.cost <= l.most and up(-left, l.gain) or -1, up(full - level, l.gain), level
        end

        local function bucket(l)
            local full = l.most * l.unit
            local state = load(l, 16)
            local level = full
            if l.ends then
                local kept, at = read('<i8i8', state)
                local elapsed = max(0, now - at)
                if kept >= 0 and kept < full and elapsed < up(full, l.gain) then level = min(full, kept + elapsed * l.gain) end
            end
            local ok, remaining, retry, reset, left = pay(l, level)
            return ok, remaining, retry, reset, 0, (ok == 1 or state) and pack('<i8i8', left, now)
        end

        -- GCRA and the leaky bucket: when all that was taken would be paid back.
        local function arrival(l)
            local full = l.most * l.unit
            local state = load(l, 12)
            local level = full
            if l.ends then
                local tat, fraction = read('<i8I4', state)
                local ahead = tat - now
                if ahead >= up(full, l.gain) then level = 0
                elseif ahead >= 0 then level = max(0, full - ahead * l.gain - fraction) end
            end
            local ok, remaining, retry, reset, left = pay(l, level)
            if ok == 0 and not state then return ok, remaining, retry, reset, 0, false end
            local owed = full - left
            local whole = floor(owed / l.gain)
            return ok, remaining, retry, reset, 0, pack('<i8I4', now + whole, owed - whole * l.gain), full - level
        end

        local function queue(l)
            local ok, remaining, retry, reset, _, value, owed = arrival(l)
            return ok, remaining, retry, reset, ok == 1 and up(owed, l.gain) or 0, value
        end

        local function window(l)
            local state = load(l, 12)
            local start, count = now - now % l.period, 0
            if l.ends then
                local kept, counted = read('<i8i4', state)
                local elapsed = now - kept
                if elapsed < l.period then count = min(max(counted, 0), l.permits) end
                if elapsed >= 0 and elapsed < l.period then start = kept end
            end
            local rest = start + l.period - now
            local allowed = l.cost == 0 or l.cost <= l.permits - count
            if allowed then count = count + l.cost end
            local retry = 0
            if not allowed then retry = l.cost > l.permits and -1 or rest end
            return allowed and 1 or 0, l.permits - count, retry, count > 0 and rest or 0, 0, (allowed or state) and pack('<i8i4', start, count)
        end

        local function sliding(l)
            local state = load(l, 16)
            local start, previous, current = now - now % l.period, 0, 0
            if l.ends then
                local kept, before, counted = read('<i8i4i4', state)
                before = min(max(before, 0), l.permits)
                counted = min(max(counted, 0), l.permits)
                local elapsed = now - kept
                if elapsed < 0 then current = min(l.permits, before + counted)
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
            return allowed and 1 or 0, room, retry, reset, 0, (allowed or state) and pack('<i8i4i4', start, previous, current)
        end

        local function push(key, times)
            for first = 1, #times, 1000 do call('rpush', key, unpack(times, first, min(first + 999, #times))) end
        end

        local function text(number) return string.format('%.0f', number) end

        -- Only who takes moves a list in time, and forgets; who looks reckons as if.
        local function log(l)
            local newest = tonumber(call('lindex', l.key, -1) or 0)
            local ahead = max(0, newest - now)
            newest = newest - ahead
            if ahead > 0 and l.takes then
                local times = call('lrange', l.key, 0, -1)
                for i = 1, #times do times[i] = text(times[i] - ahead) end
                call('del', l.key)
                push(l.key, times)
                call('pexpire', l.key, life(l.period))
                ahead = 0
            end
            local over = 0
            while true do
                local oldest = call('lindex', l.key, over)
                if not oldest or now - (oldest - ahead) < l.period then break end
                if l.takes then call('lpop', l.key) else over = over + 1 end
            end
            local used = call('llen', l.key) - over
            local room = l.permits - used
            local rest = used > 0 and newest + l.period - now or 0
            if l.cost > 0 and l.cost > room then
                local retry = -1
                if l.cost <= l.permits then
                    local last = call('lindex', l.key, over + l.cost - room - 1) - ahead
                    retry = min(max(last + l.period - now, 1), rest)
                end
                return 0, room, retry, rest, 0, false
            end
            if l.cost > 0 then rest = l.period end
            return 1, room - l.cost, 0, rest, 0, true
        end

        local function append(l)
            local times = {}
            for i = 1, l.cost do times[i] = text(now) end
            push(l.key, times)
            call('pexpire', l.key, life(l.period))
        end

        local function leave(l)
            local count = 0
            while call('zrem', l.key, l.holder .. ':' .. (count + 1)) == 1 do count = count + 1 end
            return count
        end

        local function concurrency(l)
            local newest = tonumber(call('zrange', l.key, -1, -1, 'withscores')[2] or 0)
            local ahead = max(0, newest - now)
            newest = newest - ahead
            if ahead > 0 and l.takes then
                local all = call('zrange', l.key, 0, -1, 'withscores')
                for i = 1, #all, 2 do call('zadd', l.key, text(all[i + 1] - ahead), all[i]) end
                ahead = 0
            end
            local over = 0
            if l.takes then call('zremrangebyscore', l.key, '-inf', text(now - l.period))
            else over = call('zcount', l.key, '-inf', text(now - l.period + ahead)) end
            local used = call('zcard', l.key) - over
            local held = 0
            if l.takes then
                while call('zscore', l.key, l.holder .. ':' .. (held + 1)) do held = held + 1 end
            end
            local room = l.permits - used
            local rest = used > 0 and newest + l.period - now or 0
            if l.cost > 0 and l.cost > room + held then
                local retry = -1
                if l.cost <= l.permits then
                    -- What the holder has itself is no help to it.
                    local missing, at, last = l.cost - room - held, over, 0
                    while missing > 0 do
                        local member = call('zrange', l.key, at, at, 'withscores')
                        if not member[1] then break end
                        last = member[2] - ahead
                        if held == 0 or string.match(member[1], '^%d+') ~= l.holder then missing = missing - 1 end
                        at = at + 1
                    end
                    retry = min(max(last + l.period - now, 1), rest)
                end
                return 0, room, retry, rest, 0, false
            end
            if l.cost > 0 then rest = l.period end
            return 1, room + held - l.cost, 0, rest, 0, true
        end

        local function enter(l)
            leave(l)
            for i = 1, l.cost do call('zadd', l.key, text(now), l.holder .. ':' .. i) end
            call('pexpire', l.key, life(l.period))
        end

        -- By the algorithms' numbers.
        local decisions = {bucket, queue, window, log, sliding, arrival, concurrency}
        local writes = {keep, keep, keep, append, keep, keep, enter}

        local function decide(l)
            l.ok, l.remaining, l.retry, l.reset, l.delay, l.value = decisions[l.algorithm](l)
        end

        local TAKE, PEEK, EXIT, RESET = 1, 2, 3, 4
        local requests, at, keys, limits, answer = ARGV[1], 1, 0, {}, {}
        while at <= #requests do
            local step, count, all
            step, count, at = read('BB', requests, at)
            all = 1
            for i = 1, count do
                local l = limits[i] or {}
                limits[i] = l
                keys = keys + 1
                l.key = KEYS[keys]
                l.algorithm, l.permits, l.period, l.gain, l.unit, l.tick, l.most, l.cost, l.holder, at = read('<Bi8i8i8i8i8i8i8s', requests, at)
                l.takes = step == TAKE and l.cost > 0
                if step == RESET then
                    call('del', l.key)
                elseif step == EXIT then
                    if leave(l) == 0 then all = 0 end
                else
                    decide(l)
                    if l.ok == 0 then all = 0 end
                end
            end
            answer[#answer + 1] = pack('B', all)
            for i = 1, step <= PEEK and count or 0 do
                local l = limits[i]
                if all == 0 and l.ok == 1 then
                    -- Others refuse: it takes nothing, and says what is there.
                    l.cost, l.takes = 0, false
                    decide(l)
                elseif l.takes and l.value then
                    -- A state that refuses is written too: it follows a clock that was set back.
                    writes[l.algorithm](l)
                end
                answer[#answer + 1] = pack('<i8i8i8i8i8', l.ok, l.remaining, l.retry, l.reset, l.delay)
            end
        end
        return table.concat(answer)
        """;

    private const int Numbers = 5;

    // Its algorithm, seven numbers, and a holder of up to 20 digits with its end.
    private const int MaxLimitBytes = 1 + (7 * sizeof(long)) + 21;

    /// <summary>The most bytes of a request's arguments.</summary>
    public static int MaxBytes(int limits) => 2 + (limits * MaxLimitBytes);

    /// <summary>Writes a request.</summary>
    public static void Write(IBufferWriter<byte> arguments, LimitStep step, ReadOnlySpan<LimitTake> takes)
    {
        var bytes = arguments.GetSpan(MaxBytes(takes.Length));
        (bytes[0], bytes[1]) = ((byte)step, (byte)takes.Length);
        var at = 2;
        foreach (ref readonly var take in takes)
        {
            var limit = take.Limit;
            bytes[at++] = (byte)limit.Algorithm;
            foreach (var number in (ReadOnlySpan<long>)[limit.Permits, limit.Period, limit.Gain, limit.Unit, limit.Tick, limit.MaxCost, take.Cost])
            {
                BinaryPrimitives.WriteInt64LittleEndian(bytes[at..], number);
                at += sizeof(long);
            }

            take.Holder.TryFormat(bytes[at..], out var digits, default, CultureInfo.InvariantCulture);
            at += digits;
            bytes[at++] = 0;
        }

        arguments.Advance(at);
    }

    /// <summary>How many bytes the answer to a request has.</summary>
    public static int AnswerBytes(int decisions) => 1 + (decisions * Numbers * sizeof(long));

    /// <summary>Reads the answer to a request.</summary>
    /// <returns>Whether all allowed it.</returns>
    public static bool Read(ReadOnlySpan<byte> answer, Span<LimitDecision> decisions)
    {
        for (var i = 0; i < decisions.Length; i++)
        {
            var numbers = answer[(1 + (i * Numbers * sizeof(long)))..];
            decisions[i] = new LimitDecision(Number(numbers, 0) == 1, Number(numbers, 1), Number(numbers, 2), Number(numbers, 3), Number(numbers, 4));
        }

        return answer[0] == 1;

        static long Number(ReadOnlySpan<byte> numbers, int index) => BinaryPrimitives.ReadInt64LittleEndian(numbers[(index * sizeof(long))..]);
    }
}
