using Groundwork.Primitives.Concurrency;

namespace Groundwork.Primitives.Tests.Concurrency;

public sealed class SingleFlightTests
{
    private static readonly CancellationToken Patient = CancellationToken.None;

    private readonly Runs _runs = new();

    [Fact]
    public async Task Callers_at_the_same_time_share_one_run_and_its_result_is_not_kept()
    {
        var flights = new SingleFlight<string, int>();
        var callers = Enumerable.Range(0, 10).Select(_ => flights.RunAsync("a", _runs.RunAsync, Patient)).ToList();
        Assert.Equal(1, flights.Count);
        _runs.Started[0].SetResult(7);
        Assert.All(await Task.WhenAll(callers), value => Assert.Equal(7, value));
        Assert.Equal(0, flights.Count);

        var later = flights.RunAsync("a", _runs.RunAsync, Patient);
        _runs.Started[1].SetResult(8);
        Assert.Equal(8, await later);
    }

    [Fact]
    public async Task Callers_for_different_keys_do_not_wait_for_each_other()
    {
        var flights = new SingleFlight<string, int>(comparer: StringComparer.OrdinalIgnoreCase);
        var (a, b, sameAsA) = (flights.RunAsync("a", _runs.RunAsync, Patient), flights.RunAsync("b", _runs.RunAsync, Patient), flights.RunAsync("A", _runs.RunAsync, Patient));
        _runs.Started[1].SetResult(2);
        Assert.Equal(2, await b);
        Assert.False(a.IsCompleted);
        _runs.Started[0].SetResult(1);
        Assert.Equal(1, await a);
        Assert.Equal(1, await sameAsA);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_gives_up_ends_its_own_wait_only(bool cancelAbandoned)
    {
        var flights = new SingleFlight<string, int>(cancelAbandoned);
        using var impatience = new CancellationTokenSource();
        using var patience = new CancellationTokenSource();
        var first = flights.RunAsync("a", _runs.RunAsync, impatience.Token);
        var second = flights.RunAsync("a", _runs.RunAsync, patience.Token);
        await impatience.CancelAsync();
        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(impatience.Token, thrown.CancellationToken);
        Assert.False(_runs.Tokens[0].IsCancellationRequested);
        _runs.Started[0].SetResult(7);
        Assert.Equal(7, await second);
    }

    [Fact]
    public async Task A_run_that_everyone_has_given_up_goes_on_and_can_be_joined()
    {
        var flights = new SingleFlight<string, int>();
        using var impatience = new CancellationTokenSource();
        var first = flights.RunAsync("a", _runs.RunAsync, impatience.Token);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(_runs.Tokens[0].CanBeCanceled);

        var second = flights.RunAsync("a", _runs.RunAsync, Patient);
        _runs.Started[0].SetResult(7);
        Assert.Equal(7, await second);
    }

    [Fact]
    public async Task Where_it_is_so_chosen_a_run_that_everyone_has_given_up_is_cancelled_and_the_next_caller_starts_another()
    {
        var flights = new SingleFlight<string, int>(cancelAbandoned: true);
        using var impatience = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 3).Select(_ => flights.RunAsync("a", _runs.RunAsync, impatience.Token)).ToList();
        await impatience.CancelAsync();
        foreach (var caller in callers)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => caller);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _runs.Started[0].Task); // by the run's own token
        Assert.Equal(0, flights.Count);

        var next = flights.RunAsync("a", _runs.RunAsync, Patient);
        _runs.Started[1].SetResult(8);
        Assert.Equal(8, await next);
    }

    [Fact]
    public async Task Who_cannot_give_up_keeps_a_run_alive()
    {
        var flights = new SingleFlight<string, int>(cancelAbandoned: true);
        using var impatience = new CancellationTokenSource();
        var first = flights.RunAsync("a", _runs.RunAsync, impatience.Token);
        var patient = flights.RunAsync("a", _runs.RunAsync, Patient);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(_runs.Tokens[0].IsCancellationRequested);
        _runs.Started[0].SetResult(7);
        Assert.Equal(7, await patient);
    }

    [Fact]
    public async Task Who_has_given_up_before_starts_nothing()
    {
        var flights = new SingleFlight<string, int>();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => flights.RunAsync("a", _runs.RunAsync, new CancellationToken(true)));
        Assert.Empty(_runs.Started);
        Assert.Equal(0, flights.Count);
    }

    [Fact]
    public async Task A_failure_reaches_all_who_wait_and_the_next_tries_again()
    {
        var flights = new SingleFlight<string, int>();
        var callers = Enumerable.Range(0, 3).Select(_ => flights.RunAsync("a", _runs.RunAsync, Patient)).ToList();
        _runs.Started[0].SetException(new IOException("down"));
        foreach (var caller in callers)
            Assert.Equal("down", (await Assert.ThrowsAsync<IOException>(() => caller)).Message);

        await Assert.ThrowsAsync<IOException>(() => flights.RunAsync("a", (_, _) => throw new IOException("at once"), Patient));
        await Assert.ThrowsAsync<TaskCanceledException>(() => flights.RunAsync("a", (_, _) => Task.FromCanceled<int>(new CancellationToken(true)), Patient));
        Assert.Equal(0, flights.Count);
        Assert.Equal(9, await flights.RunAsync("a", (_, _) => Task.FromResult(9), Patient));
    }

    [Fact]
    public async Task A_run_that_was_forgotten_answers_those_who_wait_and_nobody_joins_it()
    {
        var flights = new SingleFlight<string, int>();
        Assert.False(flights.Forget("a"));
        var before = flights.RunAsync("a", _runs.RunAsync, Patient);
        Assert.True(flights.Forget("a"));
        var after = flights.RunAsync("a", _runs.RunAsync, Patient);
        _runs.Started[0].SetResult(1);
        Assert.Equal(1, await before);
        Assert.Equal(1, flights.Count); // the end of the forgotten one does not take the other away
        var joined = flights.RunAsync("a", _runs.RunAsync, Patient);
        _runs.Started[1].SetResult(2);
        Assert.Equal(2, await after);
        Assert.Equal(2, await joined);
    }

    [Fact]
    public async Task A_forgotten_run_that_everyone_has_given_up_is_cancelled_too()
    {
        var flights = new SingleFlight<string, int>(cancelAbandoned: true);
        using var impatience = new CancellationTokenSource();
        var first = flights.RunAsync("a", _runs.RunAsync, impatience.Token);
        flights.Forget("a");
        var second = flights.RunAsync("a", _runs.RunAsync, Patient);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _runs.Started[0].Task);
        Assert.Equal(1, flights.Count);
        _runs.Started[1].SetResult(2);
        Assert.Equal(2, await second);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_two_runs_of_a_key_overlap_and_no_result_is_kept(bool cancelAbandoned)
    {
        var flights = new SingleFlight<int, int>(cancelAbandoned);
        var (running, ended, wrong) = (new int[4], new int[4], 0);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            using var neverCancelled = new CancellationTokenSource();
            for (var i = 0; i < 2_000; i++)
            {
                // Of the run that ended last, where its end is not known yet, or of a later one.
                var key = (i + worker) % 4;
                var before = Volatile.Read(ref ended[key]);
                var value = await flights.RunAsync(key, RunAsync, i % 2 == 0 ? neverCancelled.Token : Patient);
                if (value < before)
                    Interlocked.Increment(ref wrong);
            }
        })));
        Assert.Equal(0, wrong);
        Assert.Equal(0, flights.Count);

        async Task<int> RunAsync(int key, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref running[key]) > 1)
                Interlocked.Increment(ref wrong);
            await Task.Yield();
            Interlocked.Decrement(ref running[key]);
            return Interlocked.Increment(ref ended[key]);
        }
    }

    /// <summary>Runs that end when the test says so, or when they are cancelled.</summary>
    private sealed class Runs
    {
        public List<TaskCompletionSource<int>> Started { get; } = [];

        public List<CancellationToken> Tokens { get; } = [];

        public Task<int> RunAsync(string key, CancellationToken cancellationToken)
        {
            var result = new TaskCompletionSource<int>();
            cancellationToken.Register(() => result.TrySetCanceled(cancellationToken));
            Started.Add(result);
            Tokens.Add(cancellationToken);
            return result.Task;
        }
    }
}
