using System.Security.Cryptography;
using Groundwork.Ports.Modules;

namespace Groundwork.Platform.Folders;

/// <summary>
/// A file of the operator's that is read again when it changes, while the program runs.
/// </summary>
/// <remarks>
/// It is read every <see cref="CheckEvery"/> and compared as a whole: the times of files say nothing behind the symbolic links with which
/// configuration is mounted. What cannot be read, or is refused, leaves in force what was there. Safe for concurrent use.
/// </remarks>
/// <param name="path">Where it is; empty for none.</param>
/// <param name="maxBytes">How long it may be.</param>
/// <param name="use">Puts its contents into force, or says what is wrong with them.</param>
/// <param name="time">The clock.</param>
public sealed class WatchedFile(string path, long maxBytes, Func<byte[], string?> use, TimeProvider time) : IAsyncDisposable
{
    /// <summary>How often it is looked at.</summary>
    public static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stopping = new();
    private Task _watching = Task.CompletedTask;
    private byte[] _seen = [];
    private string? _problem;

    /// <summary>Is told what is wrong, once for each state of the file.</summary>
    public Action<string> Unusable { get; set; } = static _ => { };

    /// <summary>What is wrong with the file as it is now; null where nothing is.</summary>
    public string? Problem => Volatile.Read(ref _problem);

    /// <summary>Reads it, and watches it from now on.</summary>
    /// <param name="name">What it is, in an operator's words.</param>
    /// <param name="setting">The setting that names it.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="StartRefusedException">It cannot be used.</exception>
    public async Task StartAsync(string name, string setting, CancellationToken cancellationToken)
    {
        if (path.Length == 0)
            return;
        await LookAsync(cancellationToken);
        if (Problem is { } problem)
            throw new StartRefusedException($"The {name} {path} cannot be used: {problem}. Correct it, or leave {setting} out.");
        _watching = Task.Run(() => WatchAsync(_stopping.Token), CancellationToken.None);
    }

    /// <summary>Looks at it now.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var length = new FileInfo(path).Length;
            if (length > maxBytes)
            {
                _seen = [];
                Volatile.Write(ref _problem, $"it has {length} bytes; {maxBytes} are allowed");
                return;
            }

            var bytes = await File.ReadAllBytesAsync(path, cancellationToken);
            var hash = SHA256.HashData(bytes);
            if (hash.AsSpan().SequenceEqual(_seen))
                return;
            _seen = hash;
            Volatile.Write(ref _problem, use(bytes));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _seen = [];
            Volatile.Write(ref _problem, e is FileNotFoundException or DirectoryNotFoundException ? "it is not there" : e.Message);
        }
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
                Unusable(problem);
        }
    }
}
