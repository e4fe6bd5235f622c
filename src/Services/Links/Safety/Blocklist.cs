using System.Security.Cryptography;
using System.Text;
using Groundwork.Ports.Modules;
using Groundwork.Primitives.Urls;
using Microsoft.Extensions.Logging;

namespace Groundwork.Links;

/// <summary>
/// The hosts to which no link may lead: a file of the operator's, read again when it changes.
/// </summary>
/// <remarks>
/// The file is read every <see cref="CheckEvery"/> and compared as a whole: the times of files say nothing behind the symbolic links
/// with which configuration is mounted. A file that cannot be read, or has a line that is no host, leaves the list in force, and a
/// warning in the log, once for each state of the file. Safe for concurrent use.
/// </remarks>
internal sealed partial class Blocklist(LinksOptions options, TimeProvider time, ILogger<Blocklist> logger) : IAsyncDisposable
{
    /// <summary>How often the file is looked at.</summary>
    public static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(5);

    private const long MaxBytes = 128 << 20;

    private readonly CancellationTokenSource _stopping = new();
    private Task _watching = Task.CompletedTask;
    private volatile HostList _hosts = HostList.Empty;
    private byte[] _seen = [];
    private string? _problem;

    /// <summary>Is told that the list has changed.</summary>
    public Action Changed { get; set; } = static () => { };

    /// <summary>The hosts in force.</summary>
    public HostList Hosts => _hosts;

    /// <summary>Whether an address leads to one of them.</summary>
    public bool Blocks(string longUrl) =>
        _hosts is { Count: > 0 } hosts && WebUrl.TryParse(longUrl, out var url) && hosts.Contains(WebHost.Of(url));

    /// <summary>What is wrong with the file as it is now; null where nothing is.</summary>
    public string? Problem => Volatile.Read(ref _problem);

    /// <summary>Reads the file, and watches it from now on.</summary>
    /// <exception cref="StartRefusedException">It cannot be read.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Blocklist.Length == 0)
            return;
        await LookAsync(cancellationToken);
        if (Problem is { } problem)
            throw new StartRefusedException($"The blocklist {options.Blocklist} cannot be used: {problem}. Correct it, or leave Links:Blocklist out.");
        _watching = Task.Run(() => WatchAsync(_stopping.Token), CancellationToken.None);
    }

    /// <summary>Stops watching.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task WatchAsync(CancellationToken stopping)
    {
        while (true)
        {
            await Task.Delay(CheckEvery, time, stopping);
            var before = Problem;
            await LookAsync(stopping);
            if (Problem is { } problem && problem != before)
                LogUnusable(logger, options.Blocklist, problem);
        }
    }

    /// <summary>Looks at the file now.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var length = new FileInfo(options.Blocklist).Length;
            if (length > MaxBytes)
            {
                _seen = [];
                Volatile.Write(ref _problem, $"it has {length} bytes; {MaxBytes} are allowed");
                return;
            }

            var bytes = await File.ReadAllBytesAsync(options.Blocklist, cancellationToken);
            var hash = SHA256.HashData(bytes);
            if (hash.AsSpan().SequenceEqual(_seen))
                return;
            _seen = hash;
            using var reader = new StreamReader(new MemoryStream(bytes), Encoding.UTF8);
            if (HostList.TryRead(reader, out var hosts, out var error))
                Use(hosts);
            Volatile.Write(ref _problem, error);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _seen = [];
            Volatile.Write(ref _problem, e is FileNotFoundException or DirectoryNotFoundException ? "it is not there" : e.Message);
        }
    }

    private void Use(HostList hosts)
    {
        _hosts = hosts;
        LogUsed(logger, hosts.Count, options.Blocklist);
        Changed();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Hosts} hosts are blocked, as {File} says.")]
    private static partial void LogUsed(ILogger logger, int hosts, string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The blocklist {File} cannot be used, so that the one before stays in force: {Problem}.")]
    private static partial void LogUnusable(ILogger logger, string file, string problem);
}
