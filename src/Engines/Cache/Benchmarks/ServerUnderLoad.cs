using Groundwork.Cache.Benchmarks.Load;
using Groundwork.Cache.Benchmarks.Rivals;
using Groundwork.Ports.Experiments;

namespace Groundwork.Cache.Benchmarks;

/// <summary>A server that answers what all of them are asked: ours or a rival's.</summary>
/// <param name="Name">Whose.</param>
/// <param name="Dialect">How it is spoken to.</param>
/// <param name="Port">Where it listens.</param>
/// <param name="ProcessId">The operating system's number for it.</param>
/// <param name="EndAsync">Ends it.</param>
internal sealed record ServerUnderLoad(string Name, Dialect Dialect, int Port, int ProcessId, Func<ValueTask> EndAsync)
{
    /// <summary>Starts ours, redis-server and memcached, in this order, and makes a contender of each; one that is not installed is absent.</summary>
    /// <param name="context">Of the benchmark, a <see cref="ServedBenchmark"/>.</param>
    /// <param name="mebibytes">The bound of ours.</param>
    /// <param name="contender">Makes one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<IReadOnlyList<Contender>> StartAllAsync(
        IBenchmarkContext context, int mebibytes, Func<ServerUnderLoad, Contender> contender, CancellationToken cancellationToken)
    {
        const string Redis = "redis-server";
        const string OfMemcached = "memcached";
        List<Contender> all = [contender(await CacheWorker.StartOrServeAsync(context, mebibytes, cancellationToken))];
        if (RedisPrograms.Missing is { } noRedis)
        {
            all.Add(Contender.Absent(Redis, noRedis));
        }
        else
        {
            var redis = await RedisPrograms.StartServerAsync(cancellationToken);
            all.Add(contender(new(Redis, Dialect.Redis, redis.Port, redis.ProcessId, redis.DisposeAsync)));
        }

        if (Memcached.Missing is { } noMemcached)
        {
            all.Add(Contender.Absent(OfMemcached, noMemcached));
        }
        else
        {
            var memcached = await Memcached.StartServerAsync(cancellationToken);
            all.Add(contender(new(OfMemcached, Dialect.Memcached, memcached.Port, memcached.ProcessId, memcached.DisposeAsync)));
        }

        return all;
    }
}
