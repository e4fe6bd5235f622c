using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Groundwork.Platform.Experiments.Runs;

/// <summary>
/// One run and its process. Its output is kept line by line; its standard input is held open, so that it ends with this
/// process, however that ends. Safe for concurrent use.
/// </summary>
/// <remarks>Bounds: the last <see cref="MaxLines"/> lines, of <see cref="MaxLine"/> characters each.</remarks>
internal sealed partial class RunUnderWay
{
    /// <summary>How many lines are kept.</summary>
    public const int MaxLines = 2000;

    /// <summary>How much is kept of a line, in characters.</summary>
    public const int MaxLine = 2000;

    private const int SigTerm = 15;

    private readonly Lock _gate = new();
    private readonly Queue<RunLine> _lines = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;
    private readonly TimeProvider _time;
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ExperimentRun _run;
    private bool _cancelled;

    private RunUnderWay(Process process, ExperimentRun run, TimeProvider time) => (_process, _run, _time) = (process, run, time);

    /// <summary>How it is now.</summary>
    public ExperimentRun Run
    {
        get
        {
            lock (_gate)
                return _run;
        }
    }

    /// <summary>Completes when it has ended.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Starts the process.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public static RunUnderWay Start(ProcessStartInfo start, ExperimentRun run, TimeProvider time)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.UseShellExecute = false;
        var process = new Process { StartInfo = start };
        var underWay = new RunUnderWay(process, run, time);
        process.OutputDataReceived += (_, line) => underWay.Say(line.Data, isError: false);
        process.ErrorDataReceived += (_, line) => underWay.Say(line.Data, isError: true);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _ = underWay.WaitAsync();
        return underWay;
    }

    /// <summary>Asks it to end, as a service manager does, so that it removes its folders; ends it, and all that it started, where it doesn't.</summary>
    /// <param name="patience">How long it may take.</param>
    public async Task CancelAsync(TimeSpan patience)
    {
        lock (_gate)
        {
            if (_run.State != RunState.Running)
                return;
            _cancelled = true;
            if (!OperatingSystem.IsWindows())
                _ = SendSignal(_process.Id, SigTerm);
        }

        using var limit = new CancellationTokenSource(OperatingSystem.IsWindows() ? TimeSpan.Zero : patience);
        await _ended.Task.WaitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Kill();
        await _ended.Task;
    }

    /// <summary>Its lines after a number, as they come, until it has ended.</summary>
    public async IAsyncEnumerable<RunLine> FollowAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            List<RunLine> lines;
            Task news;
            bool isOver;
            lock (_gate)
            {
                lines = [.. _lines.SkipWhile(l => l.Number <= after)];
                news = _news.Task;
                isOver = _run.State != RunState.Running;
            }

            foreach (var line in lines)
            {
                after = line.Number;
                yield return line;
            }

            if (isOver)
                yield break;
            await news.WaitAsync(cancellationToken);
        }
    }

    private void Kill()
    {
        lock (_gate)
        {
            if (_run.State != RunState.Running)
                return;
            _cancelled = true;
            try
            {
                _process.Kill(entireProcessTree: true);
            }
            catch (InvalidOperationException)
            {
                // It has ended by itself meanwhile.
            }
        }
    }

    private void Say(string? text, bool isError)
    {
        if (text is null)
            return;
        lock (_gate)
        {
            if (_lines.Count == MaxLines)
                _lines.Dequeue();
            _run = _run with { Lines = _run.Lines + 1 };
            _lines.Enqueue(new(_run.Lines, text.Length <= MaxLine ? text : text[..(MaxLine - 1)] + "…", isError));
            TellNews();
        }
    }

    private async Task WaitAsync()
    {
        // This also waits for the ends of both streams.
        await _process.WaitForExitAsync();
        lock (_gate)
        {
            var code = _process.ExitCode;
            _run = _run with
            {
                State = _cancelled ? RunState.Cancelled : code == 0 ? RunState.Succeeded : RunState.Failed,
                EndedAt = _time.GetUtcNow(),
                ExitCode = code,
            };
            TellNews();
            _process.Dispose();
        }

        _ended.SetResult();
    }

    private void TellNews()
    {
        _news.SetResult();
        _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
