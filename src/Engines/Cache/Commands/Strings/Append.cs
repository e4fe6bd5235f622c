using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Strings;

/// <summary>APPEND key value.</summary>
internal static class Append
{
    public static void Run(Call call)
    {
        var key = call.Write(1);
        if (!call.Expect(key, ValueKind.Text))
            return;
        var length = key.Exists ? Texts.Length(key.Found) : 0;
        if (length + call[2].Length > Texts.MaxBytes)
        {
            call.Reply.TooLong();
            return;
        }

        if (!key.Exists)
            key.SetText(call[2], deadline: -1);
        else
            Texts.Write(key.Shard, ref key.Found, length, call[2]);
        key.Changed();
        call.Reply.Integer(length + call[2].Length);
    }
}
