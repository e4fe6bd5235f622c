using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Groundwork.Testing.Processes;

/// <summary>The real program, as a process: started from its build, spoken to from outside, ended by its id.</summary>
public sealed partial class GroundworkProcess : IAsyncDisposable
{
    private const int SigTerm = 15;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private GroundworkProcess(Process process) => _process = process;

    /// <summary>Where it serves HTTP; known after <see cref="StartAsync"/>.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Everything that it has written so far, both streams.</summary>
    public string Output => string.Join('\n', _lines);

    /// <summary>Starts <c>groundwork up</c> on a folder and a spare port, and waits until it says that it is ready.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="arguments">Further arguments.</param>
    /// <exception cref="InvalidOperationException">It ended instead; the message has what it wrote.</exception>
    public static Task<GroundworkProcess> StartAsync(string folder, params string[] arguments) => StartAsync(folder, new Dictionary<string, string>(), arguments);

    /// <inheritdoc cref="StartAsync(string, string[])"/>
    /// <param name="folder">The data folder.</param>
    /// <param name="environment">Variables that it finds beside those of the test.</param>
    /// <param name="arguments">Further arguments.</param>
    public static async Task<GroundworkProcess> StartAsync(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var started = Launch(["up", $"--Data={folder}", "--Http:Listen=127.0.0.1:0", "--Http:ListenHttp2=none", "--Cache:Listen=127.0.0.1:0", "--Broker:Listen=127.0.0.1:0", .. arguments], environment);
        started.Address = await started._ready.Task;
        return started;
    }

    /// <summary>Runs a command to its end.</summary>
    /// <returns>Its exit code and all that it wrote.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        await using var started = Launch(arguments, new Dictionary<string, string>());
        _ = started._ready.Task.ContinueWith(static t => t.Exception, TaskScheduler.Default);
        await started._process.WaitForExitAsync();
        return (started._process.ExitCode, started.Output);
    }

    /// <summary>Asks it to stop, as a service manager does, and waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> TerminateAsync()
    {
        Marshal.ThrowExceptionForHR(SendSignal(_process.Id, SigTerm) == 0 ? 0 : -1);
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>Ends it as a power cut would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private static GroundworkProcess Launch(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "groundwork.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("GROUNDWORK_", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        // Code is counted so as to be made anew and faster, which pays for programs that run longer than a test.
        start.Environment["DOTNET_TieredPGO"] = "0";

        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var launched = new GroundworkProcess(process);
        process.OutputDataReceived += (_, e) => launched.Read(e.Data);
        process.ErrorDataReceived += (_, e) => launched.Read(e.Data);
        process.Exited += (_, _) => launched._ready.TrySetException(
            new InvalidOperationException($"groundwork ended before it was ready:\n{launched.Output}"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return launched;
    }

    private void Read(string? line)
    {
        if (line is null)
            return;
        _lines.Enqueue(line);
        if (line.Contains("ready", StringComparison.OrdinalIgnoreCase) && AddressPattern().Match(Output) is { Success: true } match)
            _ready.TrySetResult(new Uri(match.Value));
    }

    [GeneratedRegex(@"https?://[\d.:]+/")]
    private static partial Regex AddressPattern();

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
