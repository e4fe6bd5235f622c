using System.Diagnostics;
using System.Runtime.CompilerServices;
using Groundwork.Ports.Experiments;

namespace Groundwork.Broker.Tests.Clients;

/// <summary>Somebody else's client, as a program of its own. Where it is missing the test is skipped with the reason; on CI (<c>CI=true</c>) it fails.</summary>
internal static class ClientProgram
{
    /// <summary>The system's own Python, for which the distribution has the client; another may come before it in PATH.</summary>
    public const string Python = "/usr/bin/python3";

    /// <summary>Runs kcat to its end.</summary>
    /// <param name="broker">Whom it talks to.</param>
    /// <param name="input">What it is given to read.</param>
    /// <param name="arguments">What it is told.</param>
    /// <returns>The lines that it wrote.</returns>
    public static Task<string[]> KcatAsync(RunningBroker broker, string input, params string[] arguments)
    {
        if (!LocalProgram.IsInPath("kcat"))
            Missing("kcat is not in PATH: install it.");
        return RunAsync("kcat", input, ["-b", $"{broker.Address}", .. arguments]);
    }

    /// <summary>Runs a script of this folder by kafka-python.</summary>
    public static async Task<string[]> PythonAsync(RunningBroker broker, string script, [CallerFilePath] string thisFile = "")
    {
        if (!File.Exists(Python) || !await HasKafkaAsync())
            Missing("There is no kafka module for /usr/bin/python3: install python3-kafka.");
        return await RunAsync(Python, "", [Path.Combine(Path.GetDirectoryName(thisFile)!, script), $"{broker.Address}"]);
    }

    /// <summary>
    /// Runs a script of this folder by Node, with the packages that are installed beside it. The script writes a line when it has
    /// done a step, and goes on when one comes back.
    /// </summary>
    /// <param name="broker">Whom it talks to.</param>
    /// <param name="script">The script's file.</param>
    /// <param name="between">What is done before it goes on, by the line that it wrote.</param>
    /// <returns>The lines that it wrote.</returns>
    public static async Task<string[]> NodeAsync(RunningBroker broker, string script, Func<string, Task> between, [CallerFilePath] string thisFile = "")
    {
        var folder = Path.GetDirectoryName(thisFile)!;
        if (!LocalProgram.IsInPath("node") || !Directory.Exists(Path.Combine(folder, "node_modules", "kafkajs")))
            Missing($"There is no node in PATH or no kafkajs for it: install nodejs and npm, and run npm ci in {folder}.");
        return await RunAsync("node", [Path.Combine(folder, script), $"{broker.Address}"], async (input, output) =>
        {
            var lines = new List<string>();
            while (await output.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                lines.Add(line);
                await between(line);
                await input.WriteLineAsync();
                await input.FlushAsync();
            }

            return lines;
        });
    }

    /// <summary>Skips the running test, or fails it on CI.</summary>
    public static void Missing(string reason)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail(reason);
        Assert.Skip(reason);
    }

    private static async Task<bool> HasKafkaAsync()
    {
        using var process = LocalProgram.Start(Python, ["-c", "import kafka"]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode == 0;
    }

    private static Task<string[]> RunAsync(string program, string input, IEnumerable<string> arguments) => RunAsync(program, arguments, async (writer, reader) =>
    {
        var cancellation = TestContext.Current.CancellationToken;
        var output = reader.ReadToEndAsync(cancellation);
        await writer.WriteAsync(input.AsMemory(), cancellation);
        writer.Close();
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    });

    private static async Task<string[]> RunAsync(string program, IEnumerable<string> arguments, Func<StreamWriter, StreamReader, Task<IReadOnlyList<string>>> talk)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            var errors = process.StandardError.ReadToEndAsync(cancellation);
            var lines = await talk(process.StandardInput, process.StandardOutput);
            await process.WaitForExitAsync(cancellation);
            Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {await errors}\n{string.Join('\n', lines)}");
            return [.. lines];
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}
