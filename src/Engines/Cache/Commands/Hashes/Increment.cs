using System.Buffers.Text;
using Groundwork.Cache.Packed;
using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Hashes;

/// <summary>HINCRBY key field increment: whole numbers of 64 bits.</summary>
internal static class Increment
{
    public static void Run(Call call)
    {
        if (!call.TryInteger(3, out var by))
            return;
        var key = call.Write(1);
        if (!call.Expect(key, ValueKind.Hash))
            return;
        var number = 0L;
        if (key.Hash().TryGet(call[2], out var value))
        {
            if (!value.IsNumber)
            {
                call.Reply.Error("ERR hash value is not an integer"u8);
                return;
            }

            number = value.Number;
        }

        if (by > 0 ? number > long.MaxValue - by : number < long.MinValue - by)
        {
            call.Reply.Overflow();
            return;
        }

        number += by;
        Span<byte> text = stackalloc byte[PackedItem.ScratchBytes];
        Utf8Formatter.TryFormat(number, text, out var length);
        key.SetField(call[2], text[..length]);
        key.Changed();
        call.Reply.Integer(number);
    }
}
