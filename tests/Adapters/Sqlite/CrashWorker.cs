namespace Groundwork.Sqlite.Tests;

/// <summary>
/// The child of <see cref="CrashTests"/>: writes until it is killed. Each line it prints is a pair of rows that was
/// acknowledged.
/// </summary>
internal static class CrashWorker
{
    /// <summary>Before the folder and the round, on the command line.</summary>
    public const string Argument = "--crash-worker";

    private const int Callers = 16;

    /// <summary>Never returns by itself, unless something is wrong.</summary>
    public static async Task<int> RunAsync(string folder, string round)
    {
        // The smallest log, so that checkpoints are among what is cut off.
        await using var server = Sample.Server(folder, (SqliteSettings.LogLimit, "1MiB"));
        var database = await server.OpenAsync(Sample.Schema);
        var output = TextWriter.Synchronized(new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true });
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; ; i++)
            {
                var pair = $"{round}-{caller}-{i}";
                await database.TransactAsync(
                    pair,
                    async t =>
                    {
                        await t.ExecuteAsync(Sample.Add, pair + "-a", i, new string('x', 300));
                        return await t.ExecuteAsync(Sample.Add, pair + "-b", i, new string('x', 300));
                    });
                await output.WriteLineAsync(pair);
            }
        })));
        return 1;
    }
}
