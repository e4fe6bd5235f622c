using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Keys;

/// <summary>TYPE key.</summary>
internal static class TypeOf
{
    public static void Run(Call call)
    {
        var key = call.Look(1);
        call.Reply.SimpleString(key.Exists ? ValueKinds.NameOf(key.Kind) : "none"u8);
    }
}
