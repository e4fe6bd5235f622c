namespace Groundwork.Cache.Benchmarks;

/// <summary>What <see cref="CommandBenchmark"/> asks for.</summary>
/// <param name="Name">As a part of its name.</param>
/// <param name="Words">As people say it.</param>
/// <param name="Range">From how many numbers each of the random ones is drawn.</param>
/// <param name="Commands">The commands, one kind after the other; <c>__rand_int__</c> is a random number of twelve digits.</param>
/// <param name="Fill">What is done before, three times as often as there are numbers; null for nothing.</param>
internal sealed record CommandWork(string Name, string Words, int Range, IReadOnlyList<string> Commands, string? Fill = null)
{
    private const int Keys = 100_000;

    // So many collections of up to as many elements.
    private const int Collections = 300;

    private static readonly string Small = new('x', 16);
    private static readonly string Large = new('x', 1024);

    /// <summary>All of them; GET and SET of small values first.</summary>
    public static IReadOnlyList<CommandWork> All { get; } =
    [
        new("get", "GET of 100,000 keys with values of 16 bytes", Keys, ["get key:__rand_int__"], $"set key:__rand_int__ {Small}"),
        new("set", "SET of 100,000 keys with values of 16 bytes", Keys, [$"set key:__rand_int__ {Small}"], $"set key:__rand_int__ {Small}"),
        new("get-1k", "GET of 100,000 keys with values of 1 KiB", Keys, ["get key:__rand_int__"], $"set key:__rand_int__ {Large}"),
        new("set-1k", "SET of 100,000 keys with values of 1 KiB", Keys, [$"set key:__rand_int__ {Large}"], $"set key:__rand_int__ {Large}"),
        new("incr", "INCR of 100,000 keys", Keys, ["incr key:__rand_int__"], "incr key:__rand_int__"),
        new("hash", "HSET and HGET of 300 hashes with up to 300 fields", Collections,
            [$"hset h:__rand_int__ __rand_int__ {Small}", "hget h:__rand_int__ __rand_int__"]),
        new("list", "LPUSH to and LPOP from 300 lists", Collections, [$"lpush l:__rand_int__ {Small}", "lpop l:__rand_int__"]),
        new("zadd", "ZADD to 300 sorted sets with up to 300 members", Collections, ["zadd z:__rand_int__ __rand_int__ member:__rand_int__"]),
        new("zrange", "ZADD to 300 sorted sets and ZRANGEBYSCORE of 10 members", Collections,
            ["zadd z:__rand_int__ __rand_int__ member:__rand_int__", "zrangebyscore z:__rand_int__ __rand_int__ +inf LIMIT 0 10"]),
    ];
}
