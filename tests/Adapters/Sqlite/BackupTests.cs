using Groundwork.Ports.Database;
using Groundwork.Testing;

namespace Groundwork.Sqlite.Tests;

/// <summary>A backup is one moment of a database, and starts as one.</summary>
public sealed class BackupTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TempFolder _copies = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _folder.Dispose();
        _copies.Dispose();
    }

    [Fact]
    public async Task Taken_while_writes_go_on_it_holds_what_was_acknowledged_before_and_no_half_of_a_transaction()
    {
        await using var server = Sample.Server(_folder.Path);
        var database = await server.OpenAsync(Sample.Schema, Token);
        using var stop = new CancellationTokenSource();
        var last = -1L;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var writing = Task.Run(
            async () =>
            {
                for (var i = 0L; !stop.IsCancellationRequested; i++)
                {
                    // One of each pair is worth as much as the other.
                    await database.TransactAsync(
                        "pair",
                        async t =>
                        {
                            await t.ExecuteAsync(Sample.Add, "a" + Sample.Key(i), i, new string('x', 500));
                            return await t.ExecuteAsync(Sample.Add, "b" + Sample.Key(i), i, new string('x', 500));
                        },
                        Token);
                    Volatile.Write(ref last, i);
                    if (i == 300)
                        enough.SetResult();
                }
            },
            Token);
        await enough.Task;

        var acknowledged = Volatile.Read(ref last);
        var files = await server.BackupAsync(_copies["today"], Token);
        await stop.CancelAsync();
        await writing;

        Assert.Equal([Path.Combine("database", "sample.db")], files);
        await using var restored = Sample.Server(_copies["today"]);
        var rows = await Sample.ReadAllAsync(await restored.OpenAsync(Sample.Schema, Token));
        Assert.True(rows.Count >= 2 * (acknowledged + 1), $"{rows.Count} rows after {acknowledged + 1} acknowledged pairs");
        for (var i = 0; i < rows.Count / 2; i++)
            Assert.Equal((i, i), (rows["a" + Sample.Key(i)], rows["b" + Sample.Key(i)]));
    }

    [Fact]
    public async Task A_folder_that_holds_a_backup_is_refused_and_that_backup_kept()
    {
        await using var server = Sample.Server(_folder.Path);
        await server.OpenAsync(Sample.Schema, Token);
        var file = Path.Combine(_copies.Path, Assert.Single(await server.BackupAsync(_copies.Path, Token)));
        var before = await File.ReadAllBytesAsync(file, Token);

        Assert.Equal(DatabaseFailure.Unavailable, await Sample.FailureAsync(server.BackupAsync(_copies.Path, Token)));
        Assert.Equal(before, await File.ReadAllBytesAsync(file, Token));
    }
}
