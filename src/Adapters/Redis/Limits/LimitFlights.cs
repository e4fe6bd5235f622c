using System.Buffers;
using StackExchange.Redis;

namespace Groundwork.Redis.Limits;

/// <summary>
/// Requests that come while others are under way go together, in one call of the script: what a call costs is paid once. Who comes while fewer than
/// <see cref="MaxFlights"/> are under way waits for nobody.
/// </summary>
/// <remarks>
/// A call that the server refuses (a key that holds something else) is made again request by request, so that none fails for another's sake; what had been
/// done of it may be counted twice then. In a cluster, where keys lie in several slots, each request goes by itself. Thread-safe.
/// </remarks>
internal sealed class LimitFlights(RedisConnection connection)
{
    /// <summary>How many calls are under way at once.</summary>
    internal const int MaxFlights = 2;

    // The server does nothing else meanwhile: a quarter of a millisecond, or so.
    private const int MaxRequests = 64;

    private const int MaxWaiting = 4096;

    private readonly Lock _gate = new();
    private readonly Queue<LimitRequest> _waiting = new();
    private int _flying;

    /// <summary>Asks; the answer comes with the request.</summary>
    /// <exception cref="Ports.Caching.CacheException">Too many wait already.</exception>
    public void Send(LimitRequest request)
    {
        lock (_gate)
        {
            if (_waiting.Count >= MaxWaiting)
                throw connection.TooMany();
            if (_flying >= MaxFlights)
            {
                _waiting.Enqueue(request);
                return;
            }

            _flying++;
        }

        _ = FlyAsync([request]);
    }

    // One call after the other, while somebody waits.
    private async Task FlyAsync(List<LimitRequest> requests)
    {
        do
        {
            await CallAsync(requests);
            requests.Clear();
        }
        while (TryBoard(requests));
    }

    private bool TryBoard(List<LimitRequest> requests)
    {
        var most = connection.IsCluster ? 1 : MaxRequests;
        lock (_gate)
        {
            while (requests.Count < most && _waiting.TryDequeue(out var request))
            {
                if (!request.IsLeft)
                    requests.Add(request);
            }

            if (requests.Count == 0)
                _flying--;
            return requests.Count > 0;
        }
    }

    private async Task CallAsync(List<LimitRequest> requests)
    {
        try
        {
            var answer = (byte[]?)await connection.CallAsync(
                static (database, all) => SendAsync(database, all), requests, requests.Sum(r => r.Bytes), CancellationToken.None);
            Tell(requests, answer);
        }
        catch (Exception e)
        {
            if (requests.Count > 1 && e.InnerException is RedisServerException)
            {
                foreach (var request in requests)
                    await CallAsync([request]);
                return;
            }

            foreach (var request in requests)
                request.Fail(e);
        }
    }

    private static void Tell(List<LimitRequest> requests, ReadOnlySpan<byte> answer)
    {
        foreach (var request in requests)
        {
            request.Complete(answer[..request.AnswerBytes]);
            answer = answer[request.AnswerBytes..];
        }
    }

    private static Task<RedisResult> SendAsync(IDatabase database, List<LimitRequest> requests)
    {
        if (requests is [var alone])
            return RedisScripts.EvaluateAsync(database, LimitScript.Text, alone.Keys, [alone.Arguments]);

        var arguments = new ArrayBufferWriter<byte>(requests.Sum(r => r.Arguments.Length));
        foreach (var request in requests)
            arguments.Write(request.Arguments.Span);
        return RedisScripts.EvaluateAsync(database, LimitScript.Text, [.. requests.SelectMany(r => r.Keys)], [arguments.WrittenMemory]);
    }
}
