namespace Groundwork.Cache.Benchmarks;

/// <summary>What <see cref="CommandBenchmark"/> asks for.</summary>
/// <param name="Name">As a part of its name.</param>
/// <param name="Words">As people say it.</param>
/// <param name="Range">From how many numbers each of the random ones is drawn.</param>
/// <param name="Commands">The commands, one kind after the other; <c>__rand_int__</c> is a random number of twelve digits.</param>
/// <param name="Fill">What is done before, <see cref="Fills"/> times; null for nothing.</param>
internal sealed record CommandWork(string Name, string Words, int Range, IReadOnlyList<string> Commands, string? Fill = null)
{
    /// <summary>How often <see cref="Fill"/> is done: often enough that nearly all there can be is there.</summary>
    public const int Fills = 3 * Keys;

    private const int Keys = 100_000;

    // So many collections of as many elements.
    private const int Collections = 300;
    private const string SortedAdd = "zadd z:__rand_int__ __rand_int__ member:__rand_int__";

    private static readonly string Small = new('x', 16);
    private static readonly string Large = new('x', 1024);
    private static readonly string HashSet = $"hset h:__rand_int__ __rand_int__ {Small}";

    /// <summary>All of them; GET and SET of small values first.</summary>
    public static IReadOnlyList<CommandWork> All { get; } =
    [
        new("get", "GET of 100,000 keys with values of 16 bytes", Keys, ["get key:__rand_int__"], $"set key:__rand_int__ {Small}"),
        new("set", "SET of 100,000 keys with values of 16 bytes", Keys, [$"set key:__rand_int__ {Small}"], $"set key:__rand_int__ {Small}"),
        new("get-1k", "GET of 100,000 keys with values of 1 KiB", Keys, ["get key:__rand_int__"], $"set key:__rand_int__ {Large}"),
        new("set-1k", "SET of 100,000 keys with values of 1 KiB", Keys, [$"set key:__rand_int__ {Large}"], $"set key:__rand_int__ {Large}"),
        new("incr", "INCR of 100,000 keys", Keys, ["incr key:__rand_int__"], "incr key:__rand_int__"),
        new("hash", "HSET and HGET of 300 hashes with 300 fields", Collections,
            [HashSet, "hget h:__rand_int__ __rand_int__"], HashSet),
        new("list", "LPUSH to and LPOP from 300 lists", Collections, [$"lpush l:__rand_int__ {Small}", "lpop l:__rand_int__"]),
        new("zadd", "ZADD to 300 sorted sets with 300 members", Collections, [SortedAdd], SortedAdd),
        new("zrange", "ZRANGE and ZRANGEBYSCORE of 10 members of 300 sorted sets with 300 members", Collections,
            ["zrange z:__rand_int__ 100 109", "zrangebyscore z:__rand_int__ __rand_int__ +inf LIMIT 0 10"], SortedAdd),
        new("zrank", "ZRANK in 300 sorted sets with 300 members", Collections, ["zrank z:__rand_int__ member:__rand_int__"], SortedAdd),
    ];
}
