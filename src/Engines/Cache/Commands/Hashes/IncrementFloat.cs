using Groundwork.Cache.Packed;
using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;
using FloatText = Groundwork.Cache.Commands.Strings.IncrementFloat;

namespace Groundwork.Cache.Commands.Hashes;

/// <summary>HINCRBYFLOAT key field increment: reckons as INCRBYFLOAT does.</summary>
internal static class IncrementFloat
{
    public static void Run(Call call)
    {
        if (!FloatText.TryRead(call[3], out var by))
        {
            call.Reply.NotAFloat();
            return;
        }

        if (double.IsInfinity(by))
        {
            call.Reply.Error("ERR value is NaN or Infinity"u8);
            return;
        }

        var key = call.Write(1);
        if (!call.Expect(key, ValueKind.Hash))
            return;
        using var items = new ItemBytes(key.Shard.Chunks);
        var before = key.Hash().TryGet(call[2], out var value) ? items.Of(value) : "0"u8;
        if (!FloatText.TryRead(before, out var number))
        {
            call.Reply.Error("ERR hash value is not a float"u8);
            return;
        }

        var sum = number + by;
        if (double.IsNaN(sum) || double.IsInfinity(sum))
        {
            call.Reply.Error("ERR increment would produce NaN or Infinity"u8);
            return;
        }

        var text = FloatText.Write(before, call[3], sum);
        key.SetField(call[2], text);
        key.Changed();
        call.Reply.Bulk(text);
    }
}
