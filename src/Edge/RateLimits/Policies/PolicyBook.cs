using Groundwork.Platform.Folders;
using Groundwork.RateLimits.Traffic;
using Microsoft.Extensions.Logging;

namespace Groundwork.RateLimits.Policies;

/// <summary>
/// The policies in force: a file of the operator's, read again when it changes (<see cref="WatchedFile"/>). A file with a mistake in it leaves those in
/// force that were there. While there is a file, it tells their traffic once a second that time goes on. Safe for concurrent use.
/// </summary>
internal sealed partial class PolicyBook : IAsyncDisposable
{
    private const long MaxBytes = 4 << 20;

    private static readonly TimeSpan TickEvery = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly WatchedFile _file;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly TrafficClock _clock;
    private ITimer? _ticks;
    private volatile PolicySet _set = PolicySet.Empty;

    /// <param name="options">Where the file is.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">What samples of the traffic are drawn by.</param>
    /// <param name="logger">Hears what is used, and what cannot be.</param>
    public PolicyBook(RateLimitsOptions options, TimeProvider time, Random random, ILogger<PolicyBook> logger)
    {
        (_path, _time, _random, _logger) = (options.Policies, time, random, logger);
        _clock = new TrafficClock(time);
        _file = new WatchedFile(_path, MaxBytes, Use, time) { Unusable = problem => LogUnusable(_logger, _path, problem) };
    }

    /// <summary>Those in force now.</summary>
    public PolicySet Set => _set;

    /// <summary>What is wrong with the file as it is now; null where nothing is.</summary>
    public string? Problem => _file.Problem;

    /// <summary>Reads the file, and watches it from now on.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _file.StartAsync("file of policies", RateLimitsOptions.PoliciesName, cancellationToken);
        if (_path.Length > 0)
            _ticks = _time.CreateTimer(static book => ((PolicyBook)book!).Tick(), this, TickEvery, TickEvery);
    }

    /// <summary>Looks at the file now.</summary>
    public Task LookAsync(CancellationToken cancellationToken) => _file.LookAsync(cancellationToken);

    /// <summary>Stops watching.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_ticks is not null)
            await _ticks.DisposeAsync();
        await _file.DisposeAsync();
    }

    private string? Use(byte[] json)
    {
        if (!PolicyReader.TryRead(json, out var policies, out var error))
            return error;
        var before = _set;
        _set = new PolicySet([.. policies.Select(p => Begin(p, before.Find(p.Name)))]);
        LogUsed(_logger, policies.Count, _path);
        return null;
    }

    // What was seen under other keys says nothing of these; what was seen under other limits does.
    private Policy Begin(Policy policy, Policy? before)
    {
        var counts = before?.Counts ?? policy.Counts;
        if (before?.Traffic is { } traffic && policy.CountsAs(before))
            return policy with { Counts = counts, Traffic = traffic };
        var begun = new PolicyTraffic(_clock, _random);
        begun.Tick(counts.Read());
        return policy with { Counts = counts, Traffic = begun };
    }

    private void Tick()
    {
        foreach (var policy in _set.All)
            policy.Traffic?.Tick(policy.Counts.Read());
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Policies} policies limit requests, as {File} says.")]
    private static partial void LogUsed(ILogger logger, int policies, string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The file of policies {File} cannot be used, so that those before stay in force: {Problem}.")]
    private static partial void LogUnusable(ILogger logger, string file, string problem);
}
