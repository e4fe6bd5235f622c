using Groundwork.Ports.Database;
using Groundwork.Testing;

namespace Groundwork.Sqlite.Tests;

/// <summary>What the embedded engine promises beyond the port's contract.</summary>
public sealed class WriterTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private IDatabaseServer _server = null!;
    private IDatabase _database = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = Sample.Server(_folder.Path, (DatabaseSettings.QueueLength, "64"), (SqliteSettings.LogLimit, "1MiB"));
        _database = await _server.OpenAsync(Sample.Schema, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Work_that_awaits_something_else_is_refused_and_rolled_back()
    {
        var elsewhere = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var late = new TaskCompletionSource<Exception?>();

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => _database.TransactAsync(
            "a",
            async t =>
            {
                await t.ExecuteAsync(Sample.Add, "a", 1, DbValue.Null);
                await elsewhere.Task;
                late.SetResult(await Record.ExceptionAsync(() => t.ExecuteAsync(Sample.Add, "b", 1, DbValue.Null).AsTask()));
                return 0;
            },
            Token));

        Assert.Contains("awaited something other", refused.Message, StringComparison.Ordinal);
        elsewhere.SetResult();
        Assert.IsType<InvalidOperationException>(await late.Task);
        Assert.Empty(await Sample.ReadAllAsync(_database));
    }

    [Fact]
    public async Task A_transaction_that_outlives_its_work_is_of_no_use()
    {
        ITransaction? kept = null;
        await _database.TransactAsync("a", t => { kept = t; return ValueTask.FromResult(0); }, Token);
        await Assert.ThrowsAsync<InvalidOperationException>(() => kept!.ExecuteAsync(Sample.Add, "a", 1, DbValue.Null).AsTask());
    }

    [Fact]
    public async Task Cancelling_in_the_queue_and_in_front_of_it_means_not_done_while_the_rest_is_done()
    {
        using var release = new ManualResetEventSlim();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var holding = _database.TransactAsync(
            "hold",
            t =>
            {
                entered.SetResult();
                release.Wait(Token);
                return ValueTask.FromResult(0);
            },
            Token);
        await entered.Task;

        // 64 fit in the queue, the others wait in front of it.
        using var cancel = new CancellationTokenSource();
        var writes = Enumerable.Range(0, 200)
            .Select(i => _database.WriteAsync(Sample.Adding(Sample.Key(i)), i % 2 == 0 ? cancel.Token : Token)).ToList();
        await cancel.CancelAsync();
        for (var i = 0; i < writes.Count; i += 2)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writes[i]);

        Assert.DoesNotContain(writes.Where((_, i) => i % 2 == 1), w => w.IsCompleted);
        release.Set();
        await holding;
        Assert.All(await Task.WhenAll(writes.Where((_, i) => i % 2 == 1)), changed => Assert.Equal(1, changed));
        Assert.Equal(100, (await Sample.ReadAllAsync(_database)).Count);
    }

    [Fact]
    public async Task A_map_that_throws_undoes_its_own_statement_and_its_neighbours_commit()
    {
        var writes = Enumerable.Range(0, 50).Select(i => _database.WriteAsync(
            new Command(Sample.TryAdd, "", Sample.Key(i), i),
            r => i % 10 == 0 ? throw new TimeZoneNotFoundException() : r.GetInt64(0),
            Token)).ToList();

        for (var i = 0; i < writes.Count; i++)
        {
            if (i % 10 == 0)
                await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => writes[i]);
            else
                Assert.Equal([i], await writes[i]);
        }

        Assert.Equal(45, (await Sample.ReadAllAsync(_database)).Count);
    }

    [Fact]
    public async Task A_read_cannot_write()
    {
        await Assert.ThrowsAsync<DatabaseException>(() => _database.ReadAsync(Sample.Adding("a"), r => 0, Freshness.Latest, Token));
        Assert.Empty(await Sample.ReadAllAsync(_database));
    }

    [Fact]
    public async Task A_null_is_not_read_as_zero_nor_a_text_as_a_number()
    {
        await _database.WriteAsync(Sample.Adding("a"), Token);
        var note = new Command(new Statement("select note, key from accounts"), "a");
        await Assert.ThrowsAsync<InvalidCastException>(() => _database.ReadAsync(note, r => r.GetInt64(0), Freshness.Latest, Token));
        await Assert.ThrowsAsync<InvalidCastException>(() => _database.ReadAsync(note, r => r.GetInt64(1), Freshness.Latest, Token));
    }

    [Fact]
    public async Task More_statements_than_are_kept_prepared_still_run()
    {
        for (var i = 0; i < PreparedStatements.Limit + 10; i++)
            Assert.Equal([i], await _database.ReadAsync(new Command(new Statement($"select {i} + $1"), "", 0), r => r.GetInt32(0), Freshness.Latest, Token));
    }

    [Fact]
    public async Task The_log_stays_within_its_bound_under_steady_writing()
    {
        var log = new FileInfo(Sample.File(_folder) + "-wal");
        for (var i = 0; i < 300; i++)
        {
            await _database.WriteAsync(Sample.Adding(Sample.Key(i), i, new string('x', 20_000)), Token);
            log.Refresh();
            // One batch over the bound, which is a row of five pages and what its index takes.
            Assert.InRange(log.Length, 0, (1 << 20) + (64 << 10));
        }
    }

    [Fact]
    public void Only_the_owner_can_enter_the_folder()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps its rights in lists.");
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder["database"]));
    }
}
