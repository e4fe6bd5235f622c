using Groundwork.Cache.Dumps;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands.Keys;

/// <summary>
/// RESTORE key ttl dump [REPLACE] [ABSTTL] [IDLETIME seconds | FREQ frequency]: makes a key of what DUMP gave, here or in Redis. Nothing is
/// changed where the dump is not whole. How it was used elsewhere is read, and not taken over: its use begins anew.
/// </summary>
internal static class Restore
{
    private const int MaxFrequency = 255;

    public static void Run(Call call)
    {
        if (!TryOptions(call, out var replaces, out var isAbsolute))
            return;
        var key = call.Look(1);
        if (key.Exists && !replaces)
        {
            call.Reply.Error("BUSYKEY Target key name already exists."u8);
            return;
        }

        if (!call.TryInteger(2, out var time))
            return;
        if (time < 0)
        {
            call.Reply.Error("ERR Invalid TTL value, must be >= 0"u8);
            return;
        }

        var dump = call[3];
        if (!Dump.IsWhole(dump))
        {
            call.Reply.Error("ERR DUMP payload version or checksum are wrong"u8);
            return;
        }

        // Read once without a trace: it may prove malformed behind what is good.
        var measure = default(DumpMeasure);
        if (!Dump.TryRead(dump, ref measure))
        {
            call.Reply.Error("ERR Bad data format"u8);
            return;
        }

        Put(call, ref key, dump, time == 0 ? -1 : isAbsolute || time > long.MaxValue - call.Now ? time : call.Now + time);
        call.Reply.Ok();
    }

    /// <summary>The bytes that its value may take beyond those of the dump.</summary>
    public static long ExtraBytes(Call call)
    {
        var measure = default(DumpMeasure);
        return call.Count > 3 && Dump.IsWhole(call[3]) && Dump.TryRead(call[3], ref measure) ? measure.Bytes : 0;
    }

    private static void Put(Call call, ref Key key, ReadOnlySpan<byte> dump, long deadline)
    {
        var isOver = deadline >= 0 && deadline <= call.Now;
        if (isOver)
        {
            key.Clear();
            return;
        }

        if (key.Exists)
            key.Shard.Remove(ref key.Found, KeyChange.Written);
        key = call.Look(1);
        var maker = new ValueMaker(key);
        Dump.TryRead(dump, ref maker);
        key = maker.Key;
        if (deadline >= 0)
            key.Shard.SetDeadline(ref key.Found, deadline);
        key.Changed();
    }

    private static bool TryOptions(Call call, out bool replaces, out bool isAbsolute)
    {
        (replaces, isAbsolute) = (false, false);
        var isUseSaid = false;
        for (var i = 4; i < call.Count; i++)
        {
            if (call.Is(i, "replace"u8))
            {
                replaces = true;
            }
            else if (call.Is(i, "absttl"u8))
            {
                isAbsolute = true;
            }
            else if (!isUseSaid && i + 1 < call.Count && (call.Is(i, "idletime"u8) || call.Is(i, "freq"u8)))
            {
                isUseSaid = true;
                if (!IsUse(call, call.Is(i, "freq"u8), ++i))
                    return false;
            }
            else
            {
                call.Reply.SyntaxError();
                return false;
            }
        }

        return true;
    }

    private static bool IsUse(Call call, bool isFrequency, int argument)
    {
        if (!call.TryInteger(argument, out var number))
            return false;
        if (number >= 0 && (!isFrequency || number <= MaxFrequency))
            return true;
        call.Reply.Error(isFrequency ? "ERR Invalid FREQ value, must be >= 0 and <= 255"u8 : "ERR Invalid IDLETIME value, must be >= 0"u8);
        return false;
    }
}
