using System.Diagnostics;
using System.Runtime.CompilerServices;
using Groundwork.Ports.Experiments;

namespace Groundwork.Platform.Experiments.Programs;

/// <summary>
/// A worker, seen from its experiment: its output is what it acknowledged, its input is held open as a sign of life, the end of
/// its errors is kept for the report. Ended by its own process id only.
/// </summary>
internal sealed class WorkerProcess : IExperimentWorker
{
    private readonly Process _process;
    private readonly LastLines _errors = new();
    private volatile bool _killed;
    private bool _disposed;

    private WorkerProcess(Process process) => _process = process;

    /// <inheritdoc/>
    public int ProcessId => _process.Id;

    /// <summary>Starts it.</summary>
    public static WorkerProcess Start(ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.UseShellExecute = false;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} could not be started.");
        var worker = new WorkerProcess(process);
        process.ErrorDataReceived += (_, line) => worker._errors.Keep(line.Data);
        process.BeginErrorReadLine();
        return worker;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ReadLinesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var line in WholeLines.ReadAsync(_process.StandardOutput, cancellationToken))
            yield return line;

        await _process.WaitForExitAsync(cancellationToken);
        if (!_killed && _process.ExitCode != 0)
            throw new InvalidOperationException($"The worker ended by itself with exit code {_process.ExitCode}: {_errors}");
    }

    /// <inheritdoc/>
    public void Kill()
    {
        _killed = true;
        _process.Kill();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }
}
