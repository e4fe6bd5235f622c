using Groundwork.Cache.Dumps;

namespace Groundwork.Cache.Commands.Keys;

/// <summary>DUMP key: its value in the form of Redis 7.0's dumps, without its time to live.</summary>
internal static class DumpCommand
{
    public static void Run(Call call)
    {
        var key = call.Read(1);
        if (key.Exists)
            call.Reply.Bulk(DumpWriter.Write(key.Shard, key.Found).WrittenSpan);
        else
            call.Reply.Null();
    }
}
