using System.Diagnostics;
using System.Text.RegularExpressions;
using Groundwork.Ports.Experiments;

namespace Groundwork.Platform.Experiments.Programs;

/// <summary>
/// The whole program as an experiment's process. Where it serves is read from how it introduces itself; the end of what it says is
/// kept for the report. Ended by its own process id only.
/// </summary>
internal sealed partial class ProgramProcess : IExperimentProgram
{
    private readonly Process _process;
    private readonly LastLines _said = new();
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Uri? _introduced;
    private bool _disposed;

    private ProgramProcess(Process process) => _process = process;

    /// <inheritdoc/>
    public Uri Address { get; private set; } = null!;

    /// <inheritdoc/>
    public int ProcessId => _process.Id;

    internal static ProgramProcess Start(ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.UseShellExecute = false;
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var program = new ProgramProcess(process);
        process.OutputDataReceived += (_, line) => program.Read(line.Data);
        process.ErrorDataReceived += (_, line) => program._said.Keep(line.Data);
        process.Exited += (_, _) => program._ready.TrySetException(
            new InvalidOperationException($"The program ended before it was ready: {program._said}"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return program;
    }

    internal async Task ReadyAsync(CancellationToken cancellationToken) => Address = await _ready.Task.WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        await KillAsync();
        _process.Dispose();
    }

    private void Read(string? line)
    {
        _said.Keep(line);
        if (line is null)
            return;
        if (_introduced is null && Http().Match(line) is { Success: true } match)
            _introduced = new Uri(match.Groups[1].Value);
        else if (_introduced is not null && line.StartsWith("Ready ", StringComparison.Ordinal))
            _ready.TrySetResult(_introduced);
    }

    [GeneratedRegex(@"^\s*HTTP\s+(https?://\S+)$")]
    private static partial Regex Http();
}
