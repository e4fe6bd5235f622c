using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Strings;

/// <summary>STRLEN key.</summary>
internal static class Length
{
    public static void Run(Call call)
    {
        var key = call.Read(1);
        if (call.Expect(key, ValueKind.Text))
            call.Reply.Integer(key.Exists ? Texts.Length(key.Found) : 0);
    }
}
