using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands.Keys;

/// <summary>DBSIZE, FLUSHDB [ASYNC | SYNC], FLUSHALL: always at once, memory is given back by the page.</summary>
internal static class Flush
{
    public static void Count(Call call) => call.Reply.Integer(call.Keyspace.Count(call.Database));

    public static void RunOne(Call call)
    {
        if (!Accepts(call))
            return;
        foreach (var shard in call.Keyspace.Shards)
        {
            KeyEvents.Of(shard).Emptying(call.Database, call.Now);
            shard.Clear(call.Database);
        }

        call.Engine.Tracking.TellAll();
        call.Reply.Ok();
    }

    public static void RunAll(Call call)
    {
        if (!Accepts(call))
            return;
        foreach (var shard in call.Keyspace.Shards)
        {
            for (var database = 0; database < call.Space.Databases; database++)
                KeyEvents.Of(shard).Emptying(database, call.Now);
            shard.Clear();
        }

        call.Keyspace.Sample.Clear();
        call.Engine.Tracking.TellAll();
        call.Reply.Ok();
    }

    private static bool Accepts(Call call)
    {
        if (call.Count == 1 || (call.Count == 2 && (call.Is(1, "async"u8) || call.Is(1, "sync"u8))))
            return true;
        call.Reply.SyntaxError();
        return false;
    }
}
