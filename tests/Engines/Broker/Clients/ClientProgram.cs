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

    private static async Task<string[]> RunAsync(string program, string input, IEnumerable<string> arguments)
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
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellation);
            process.StandardInput.Close();
            await process.WaitForExitAsync(cancellation);
            Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {await errors}\n{await output}");
            return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}
