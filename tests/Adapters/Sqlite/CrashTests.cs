using System.Diagnostics;
using Groundwork.Testing;

namespace Groundwork.Sqlite.Tests;

/// <summary>What was acknowledged survives <c>kill -9</c>, and what is there is whole.</summary>
public sealed class CrashTests
{
    // After how many acknowledgements: at once, in the first batches, and after several checkpoints.
    private static readonly int[] Kills = [1, 40, 300, 1500, 3000];

    [Fact]
    public async Task After_each_kill_every_acknowledged_pair_is_there_and_no_pair_is_torn()
    {
        var token = TestContext.Current.CancellationToken;
        using var folder = new TempFolder();
        var acknowledged = new List<string>();

        foreach (var (round, killAfter) in Kills.Index())
        {
            using var worker = Start(folder.Path, round);
            for (var i = 0; i < killAfter; i++)
                acknowledged.Add(await worker.StandardOutput.ReadLineAsync(token) ?? throw new InvalidOperationException("The worker ended by itself."));
            worker.Kill();
            await worker.WaitForExitAsync(token);

            // A last line may be cut off by the kill.
            var rest = (await worker.StandardOutput.ReadToEndAsync(token)).Split('\n');
            acknowledged.AddRange(rest[..^1].Select(line => line.TrimEnd('\r')));

            await using var server = Sample.Server(folder.Path);
            var rows = await Sample.ReadAllAsync(await server.OpenAsync(Sample.Schema, token));
            Assert.All(acknowledged, pair => Assert.True(rows.ContainsKey(pair + "-a") && rows.ContainsKey(pair + "-b"), pair));
            Assert.All(rows.Keys, key => Assert.Contains(key[..^1] + (key[^1] == 'a' ? 'b' : 'a'), rows));
        }
    }

    private static Process Start(string folder, int round)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Groundwork.Sqlite.Tests" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        var start = new ProcessStartInfo(program, [CrashWorker.Argument, folder, $"{round}"]) { RedirectStandardOutput = true };
        return Process.Start(start)!;
    }
}
