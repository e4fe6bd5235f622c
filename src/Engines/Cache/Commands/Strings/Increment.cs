using System.Runtime.InteropServices;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Strings;

/// <summary>INCR, DECR, INCRBY, DECRBY: whole numbers of 64 bits.</summary>
internal static class Increment
{
    public static void ByOne(Call call) => Add(call, 1);

    public static void ByMinusOne(Call call) => Add(call, -1);

    public static void By(Call call)
    {
        if (call.TryInteger(2, out var number))
            Add(call, number);
    }

    public static void ByMinus(Call call)
    {
        if (!call.TryInteger(2, out var number))
            return;
        if (number == long.MinValue)
        {
            call.Reply.Error("ERR decrement would overflow"u8);
            return;
        }

        Add(call, -number);
    }

    private static void Add(Call call, long by)
    {
        var key = call.Write(1);
        if (key.Exists && key.Found.Form == ValueForm.Integer)
            AddInPlace(call, key, by);
        else
            AddAnew(call, key, by);
    }

    // As it mostly is: the number's 8 bytes are there.
    private static void AddInPlace(Call call, in Key key, long by)
    {
        var value = key.Found.Value;
        var number = MemoryMarshal.Read<long>(value);
        if (Overflows(number, by))
        {
            call.Reply.Overflow();
            return;
        }

        MemoryMarshal.Write(value, number += by);
        key.Changed();
        call.Reply.Integer(number);
    }

    // There is a text that is a number, or is none, or nothing.
    private static void AddAnew(Call call, Key key, long by)
    {
        if (!call.Expect(key, ValueKind.Text))
            return;
        var number = 0L;
        if (key.Exists && !Texts.TryReadInteger(key.Found, out number))
        {
            call.Reply.NotAnInteger();
            return;
        }

        if (Overflows(number, by))
        {
            call.Reply.Overflow();
            return;
        }

        number += by;
        if (!key.Exists)
            key.Create(ValueForm.Integer, sizeof(long));
        Texts.SetInteger(key.Shard, ref key.Found, number);
        key.Changed();
        call.Reply.Integer(number);
    }

    private static bool Overflows(long number, long by) => by > 0 ? number > long.MaxValue - by : number < long.MinValue - by;
}
