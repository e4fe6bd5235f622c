using Groundwork.Platform.Folders;
using Microsoft.Extensions.Logging;

namespace Groundwork.RateLimits.Policies;

/// <summary>
/// The policies in force: a file of the operator's, read again when it changes (<see cref="WatchedFile"/>). A file with a mistake in it leaves those in
/// force that were there. Safe for concurrent use.
/// </summary>
internal sealed partial class PolicyBook : IAsyncDisposable
{
    private const long MaxBytes = 4 << 20;

    private readonly string _path;
    private readonly WatchedFile _file;
    private readonly ILogger _logger;
    private volatile PolicySet _set = PolicySet.Empty;

    public PolicyBook(RateLimitsOptions options, TimeProvider time, ILogger<PolicyBook> logger)
    {
        (_path, _logger) = (options.Policies, logger);
        _file = new WatchedFile(_path, MaxBytes, Use, time) { Unusable = problem => LogUnusable(_logger, _path, problem) };
    }

    /// <summary>Those in force now.</summary>
    public PolicySet Set => _set;

    /// <summary>What is wrong with the file as it is now; null where nothing is.</summary>
    public string? Problem => _file.Problem;

    /// <summary>Reads the file, and watches it from now on.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => _file.StartAsync("file of policies", RateLimitsOptions.PoliciesName, cancellationToken);

    /// <summary>Looks at the file now.</summary>
    public Task LookAsync(CancellationToken cancellationToken) => _file.LookAsync(cancellationToken);

    /// <summary>Stops watching.</summary>
    public ValueTask DisposeAsync() => _file.DisposeAsync();

    private string? Use(byte[] json)
    {
        if (!PolicyReader.TryRead(json, out var policies, out var error))
            return error;
        var before = _set;
        _set = new PolicySet([.. policies.Select(p => before.Find(p.Name) is { } old ? p with { Counts = old.Counts } : p)]);
        LogUsed(_logger, policies.Count, _path);
        return null;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Policies} policies limit requests, as {File} says.")]
    private static partial void LogUsed(ILogger logger, int policies, string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The file of policies {File} cannot be used, so that those before stay in force: {Problem}.")]
    private static partial void LogUnusable(ILogger logger, string file, string problem);
}
