using System.Text;
using Groundwork.Platform.Folders;
using Groundwork.Primitives.Urls;
using Microsoft.Extensions.Logging;

namespace Groundwork.Links;

/// <summary>
/// The hosts to which no link may lead: a file of the operator's, read again when it changes (<see cref="WatchedFile"/>).
/// </summary>
/// <remarks>
/// A file that cannot be read, or has a line that is no host, leaves the list in force, and a warning in the log, once for each state of
/// the file. Safe for concurrent use.
/// </remarks>
internal sealed partial class Blocklist : IAsyncDisposable
{
    private const long MaxBytes = 128 << 20;

    private readonly string _path;
    private readonly WatchedFile _file;
    private readonly ILogger _logger;
    private volatile HostList _hosts = HostList.Empty;

    public Blocklist(LinksOptions options, TimeProvider time, ILogger<Blocklist> logger)
    {
        (_path, _logger) = (options.Blocklist, logger);
        _file = new WatchedFile(_path, MaxBytes, Use, time) { Unusable = problem => LogUnusable(_logger, _path, problem) };
    }

    /// <summary>Is told that the list has changed.</summary>
    public Action Changed { get; set; } = static () => { };

    /// <summary>The hosts in force.</summary>
    public HostList Hosts => _hosts;

    /// <summary>Whether an address leads to one of them.</summary>
    public bool Blocks(string longUrl) =>
        _hosts is { Count: > 0 } hosts && WebUrl.TryParse(longUrl, out var url) && hosts.Contains(WebHost.Of(url));

    /// <summary>What is wrong with the file as it is now; null where nothing is.</summary>
    public string? Problem => _file.Problem;

    /// <summary>Reads the file, and watches it from now on.</summary>
    /// <exception cref="Ports.Modules.StartRefusedException">It cannot be read.</exception>
    public Task StartAsync(CancellationToken cancellationToken) => _file.StartAsync("blocklist", "Links:Blocklist", cancellationToken);

    /// <summary>Stops watching.</summary>
    public ValueTask DisposeAsync() => _file.DisposeAsync();

    /// <summary>Looks at the file now.</summary>
    internal Task LookAsync(CancellationToken cancellationToken) => _file.LookAsync(cancellationToken);

    private string? Use(byte[] bytes)
    {
        using var reader = new StreamReader(new MemoryStream(bytes), Encoding.UTF8);
        if (!HostList.TryRead(reader, out var hosts, out var error))
            return error;
        _hosts = hosts;
        LogUsed(_logger, hosts.Count, _path);
        Changed();
        return null;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Hosts} hosts are blocked, as {File} says.")]
    private static partial void LogUsed(ILogger logger, int hosts, string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The blocklist {File} cannot be used, so that the one before stays in force: {Problem}.")]
    private static partial void LogUnusable(ILogger logger, string file, string problem);
}
