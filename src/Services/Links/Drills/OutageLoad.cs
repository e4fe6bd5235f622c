using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Groundwork.Ports.Experiments;

namespace Groundwork.Links.Drills;

/// <summary>
/// Users of Links who go on whatever befalls the database: some follow links that are hot, some make links, some follow links that
/// nobody has followed before. Disposing it ends them.
/// </summary>
/// <remarks>
/// What must hold at any time is checked here: a hot link is followed, and all else is done or refused with 503 and <c>Retry-After</c>.
/// How long it takes, and what was acknowledged, is kept for the drill. Safe for concurrent use.
/// </remarks>
internal sealed class OutageLoad : IAsyncDisposable
{
    private const int HotLinks = 16;
    private const int Followers = 8;
    private const int Makers = 8;
    private const int Checkers = 16;

    private static readonly TimeSpan AfterFollow = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromMilliseconds(20);

    private readonly LinksClient _client;
    private readonly Findings _findings;
    private readonly string _name;
    private readonly ConcurrentQueue<(string Code, string LongUrl)> _made = new();
    private readonly ConcurrentQueue<(string Code, string LongUrl)> _unfollowed = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly List<(string Code, string LongUrl)> _hot = [];
    private Task _working = Task.CompletedTask;
    private volatile OutagePhase _phase = new("before");
    private volatile Recovery _recovery = new(long.MaxValue);
    private int _asked;

    private OutageLoad(Uri address, Findings findings, string name) => (_client, _findings, _name) = (new LinksClient(address), findings, name);

    /// <summary>The links that were acknowledged so far.</summary>
    public IReadOnlyCollection<(string Code, string LongUrl)> Made => _made;

    /// <summary>Makes and follows the hot links, then lets everybody begin.</summary>
    /// <param name="address">Where the program is.</param>
    /// <param name="findings">Where breaches go.</param>
    /// <param name="name">Tells its links from those of another load.</param>
    public static async Task<OutageLoad> StartAsync(Uri address, Findings findings, string name)
    {
        var load = new OutageLoad(address, findings, name);
        for (var i = 0; i < HotLinks; i++)
        {
            await load.MakeAsync();
            if (!load._unfollowed.TryDequeue(out var hot))
                throw new InvalidOperationException("Links cannot be made although nothing has happened yet.");
            load._hot.Add(hot);
            await load._client.FollowAsync(hot.Code);
        }

        load._working = Task.WhenAll(
        [
            .. Enumerable.Range(0, Followers).Select(load.FollowHotAsync),
            .. Enumerable.Range(0, Makers).Select(_ => load.RepeatAsync(load.MakeAsync)),
            load.RepeatAsync(load.FollowNewAsync),
        ]);
        return load;
    }

    /// <summary>What is answered from now on belongs to another phase.</summary>
    public OutagePhase Begin(string name) => _phase = new OutagePhase(name);

    /// <summary>How long it takes from now to the acknowledgement of a link that is asked for after now; null where it takes longer.</summary>
    public async Task<TimeSpan?> RecoverAsync(TimeSpan atMost)
    {
        var recovery = new Recovery(Stopwatch.GetTimestamp());
        _recovery = recovery;
        await Task.WhenAny(recovery.First.Task, Task.Delay(atMost));
        return recovery.First.Task.IsCompletedSuccessfully ? recovery.First.Task.Result : null;
    }

    /// <summary>Lets everybody end, and waits for their last answers.</summary>
    public async Task EndAsync()
    {
        await _ending.CancelAsync();
        await _working;
    }

    /// <summary>Looks for links that were acknowledged.</summary>
    public async Task CheckAsync(IEnumerable<(string Code, string LongUrl)> links, CancellationToken cancellationToken) => await Parallel.ForEachAsync(
        links.ToList(), new ParallelOptions { MaxDegreeOfParallelism = Checkers, CancellationToken = cancellationToken },
        async (link, _) =>
        {
            var there = await _client.ReadAsync(link.Code);
            _findings.Require(there.Status == 200 && there.LongUrl == link.LongUrl, "acknowledged links are lost", $"{link.Code} to {link.LongUrl}: {there}");
        });

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _client.Dispose();
        _ending.Dispose();
    }

    private async Task FollowHotAsync(int follower)
    {
        for (var i = follower; !_ending.IsCancellationRequested; i++)
        {
            var (code, longUrl) = _hot[i % HotLinks];
            var answer = await _client.FollowAsync(code);
            var phase = _phase;
            phase.AddFollow(answer);
            _findings.Require(answer.Status == 302 && answer.LongUrl == longUrl, "hot links were not followed", $"{phase.Name}, {code}: {answer}");
            await Task.Delay(AfterFollow);
        }
    }

    private async Task RepeatAsync(Func<Task<Answer>> request)
    {
        while (!_ending.IsCancellationRequested)
        {
            if ((await request()).Status is 503 or Answer.None)
                await Task.Delay(AfterRefusal);
        }
    }

    private async Task<Answer> MakeAsync()
    {
        var longUrl = string.Create(CultureInfo.InvariantCulture, $"https://example.org/{_name}/{Interlocked.Increment(ref _asked)}");
        var (recovery, began) = (_recovery, Stopwatch.GetTimestamp());
        var answer = await _client.CreateAsync(longUrl);
        var phase = _phase;
        phase.AddOther(answer);
        if (answer.Status == 201)
        {
            _made.Enqueue((answer.Code, longUrl));
            _unfollowed.Enqueue((answer.Code, longUrl));
            recovery.Made(began);
        }
        else
        {
            RequireRefusal(answer, phase);
        }

        return answer;
    }

    private async Task<Answer> FollowNewAsync()
    {
        if (!_unfollowed.TryDequeue(out var link))
        {
            await Task.Delay(AfterFollow);
            return new Answer(302, TimeSpan.Zero);
        }

        var answer = await _client.FollowAsync(link.Code);
        var phase = _phase;
        phase.AddOther(answer);
        if (answer.Status == 302)
            _findings.Require(answer.LongUrl == link.LongUrl, "links led elsewhere", $"{link.Code} to {link.LongUrl}: {answer}");
        else
            RequireRefusal(answer, phase);
        return answer;
    }

    private void RequireRefusal(Answer answer, OutagePhase phase) => _findings.Require(
        answer is { Status: 503, SaysWhenToRetry: true }, "requests were neither done nor refused with 503 and Retry-After", $"{phase.Name}: {answer}");

    private sealed class Recovery(long since)
    {
        public TaskCompletionSource<TimeSpan> First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Made(long began)
        {
            if (began >= since)
                First.TrySetResult(Stopwatch.GetElapsedTime(since));
        }
    }
}
