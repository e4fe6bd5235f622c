using System.Text.RegularExpressions;
using System.Threading.Channels;

namespace Groundwork.Host.Tests;

/// <summary>`groundwork up` in this process, on a spare port.</summary>
internal sealed partial class RunningProgram : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Lines _output = new();
    private readonly StringWriter _error = new();
    private readonly Task<int> _run;

    private RunningProgram(string[] arguments) =>
        _run = Task.Run(async () =>
        {
            try
            {
                return await CommandLine.RunAsync(arguments, _output, _error, _stop.Token);
            }
            finally
            {
                _output.End();
            }
        });

    /// <summary>All that it has written to standard output.</summary>
    public string Output => _output.All;

    public HttpClient Client { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });

    public static async Task<RunningProgram> StartAsync(string folder, params string[] arguments)
    {
        var program = new RunningProgram(["up", $"--Data={folder}", "--Http:Listen=127.0.0.1:0", "--Http:ListenHttp2=127.0.0.1:0", "--Cache:Listen=127.0.0.1:0", "--Broker:Listen=127.0.0.1:0", .. arguments]);
        await foreach (var line in program._output.ReadAsync(TestContext.Current.CancellationToken))
        {
            if (Address().Match(line) is { Success: true } match)
                program.Client.BaseAddress = new Uri(match.Groups[1].Value);
            if (line.StartsWith("Ready", StringComparison.Ordinal))
                return program;
        }

        throw new InvalidOperationException($"It did not start: {program._error}");
    }

    /// <summary>What a signal does.</summary>
    public async Task<int> StopAsync()
    {
        await _stop.CancelAsync();
        return await _run;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Client.Dispose();
        _stop.Dispose();
    }

    [GeneratedRegex(@"HTTP\s+(http://\S+)")]
    private static partial Regex Address();

    private sealed class Lines : StringWriter
    {
        private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
        private readonly Lock _gate = new();
        private int _told;

        public string All
        {
            get
            {
                lock (_gate)
                    return ToString();
            }
        }

        public void End() => _lines.Writer.TryComplete();

        public IAsyncEnumerable<string> ReadAsync(CancellationToken cancellationToken) => _lines.Reader.ReadAllAsync(cancellationToken);

        public override void Write(char value) => Told(() => base.Write(value));

        public override void Write(string? value) => Told(() => base.Write(value));

        public override void Write(char[] buffer, int index, int count) => Told(() => base.Write(buffer, index, count));

        public override void WriteLine(string? value) => Told(() => base.WriteLine(value));

        public override void WriteLine() => Told(base.WriteLine);

        private void Told(Action write)
        {
            lock (_gate)
            {
                write();
                var text = ToString();
                for (int end; (end = text.IndexOf('\n', _told)) >= 0; _told = end + 1)
                    _lines.Writer.TryWrite(text[_told..end].TrimEnd('\r'));
            }
        }
    }
}
