using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Strings;

/// <summary>GETRANGE key start end (negative: from the end; both included), SETRANGE key offset value.</summary>
internal static class Range
{
    public static void Get(Call call)
    {
        if (!call.TryInteger(2, out var start) || !call.TryInteger(3, out var end))
            return;
        var key = call.Read(1);
        if (!call.Expect(key, ValueKind.Text))
            return;
        var length = key.Exists ? Texts.Length(key.Found) : 0;
        var reversed = start < 0 && end < 0 && start > end;
        start = Math.Max(0, start < 0 ? start + length : start);
        end = Math.Min(length - 1, Math.Max(0, end < 0 ? end + length : end));
        if (reversed || start > end)
        {
            call.Reply.Bulk([]);
            return;
        }

        Texts.Read(key.Shard, key.Found, start, call.Reply.BulkReserve((int)(end - start + 1)));
    }

    public static void Set(Call call)
    {
        if (!call.TryInteger(2, out var offset))
            return;
        if (offset < 0)
        {
            call.Reply.Error("ERR offset is out of range"u8);
            return;
        }

        var key = call.Write(1);
        if (!call.Expect(key, ValueKind.Text))
            return;
        var length = key.Exists ? Texts.Length(key.Found) : 0;
        if (call[3].IsEmpty)
        {
            call.Reply.Integer(length);
            return;
        }

        if (offset > Texts.MaxBytes - call[3].Length)
        {
            call.Reply.TooLong();
            return;
        }

        if (!key.Exists)
            key.SetText([], deadline: -1);
        Texts.Write(key.Shard, ref key.Found, offset, call[3]);
        key.Changed();
        call.Reply.Integer(Math.Max(length, offset + call[3].Length));
    }

    /// <summary>What SETRANGE may allocate beyond its arguments: the gap that it fills.</summary>
    public static long ExtraBytes(Call call) =>
        IntegerText.TryParse(call[2], out var offset) && offset >= 0 && offset <= Texts.MaxBytes - call[3].Length ? offset : 0;
}
