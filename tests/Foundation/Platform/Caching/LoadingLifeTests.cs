namespace Groundwork.Platform.Tests.Caching;

/// <summary>What a loading cache does near an entry's end, past it, and while the database is away or other copies are not heard.</summary>
public sealed class LoadingLifeTests
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(60);

    private readonly Shelf _shelf = new();

    [Fact]
    public async Task While_loading_fails_an_entry_past_its_life_answers_and_loading_pauses()
    {
        await _shelf.GetAsync();
        _shelf.Failure = new TimeoutException("No answer.");
        _shelf.Time.Advance(Life);
        for (var i = 0; i < 10; i++)
            Assert.Equal("one", await _shelf.GetAsync());
        Assert.Equal((2, 10), (_shelf.Loads, _shelf.Cache.Counts.StaleServed));

        _shelf.Time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal("one", await _shelf.GetAsync());
        Assert.Equal(2, _shelf.Loads);

        (_shelf.Failure, _shelf.Rows[1]) = (null, "changed");
        _shelf.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("changed", await _shelf.GetAsync());
        Assert.Equal("changed", await _shelf.GetAsync());
        Assert.Equal(3, _shelf.Loads);
    }

    [Fact]
    public async Task An_entry_answers_so_long_past_its_life_and_no_longer()
    {
        await _shelf.GetAsync();
        _shelf.Failure = new TimeoutException("No answer.");
        _shelf.Time.Advance(Life + TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
        Assert.Equal("one", await _shelf.GetAsync());
        _shelf.Time.Advance(TimeSpan.FromMilliseconds(1));
        await Assert.ThrowsAsync<TimeoutException>(() => _shelf.GetAsync());
    }

    [Fact]
    public async Task That_there_was_nothing_is_not_said_past_its_life()
    {
        Assert.Null(await _shelf.GetAsync(2));
        _shelf.Failure = new TimeoutException("No answer.");
        _shelf.Time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<TimeoutException>(() => _shelf.GetAsync(2));
    }

    [Fact]
    public async Task While_loading_is_slow_an_entry_past_its_life_answers_and_the_load_is_kept_when_it_ends()
    {
        await _shelf.GetAsync();
        _shelf.Time.Advance(Life);
        _shelf.Hold();
        _shelf.Rows[1] = "changed";
        var slow = _shelf.GetAsync();
        _shelf.Rows[1] = "changed after it was read";
        _shelf.Time.Advance(TimeSpan.FromMilliseconds(249));
        Assert.False(slow.IsCompleted);
        _shelf.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("one", await slow);
        Assert.Equal("one", await _shelf.GetAsync()); // without a wait: loading pauses

        _shelf.Release();
        Assert.Equal("changed", await _shelf.GetAsync());
        Assert.Equal(2, _shelf.Loads);
    }

    [Fact]
    public async Task A_caller_who_goes_away_is_not_answered_with_something_old()
    {
        await _shelf.GetAsync();
        _shelf.Time.Advance(Life);
        _shelf.Hold();
        using var impatient = new CancellationTokenSource();
        var read = _shelf.GetUntilAsync(1, impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        Assert.Equal(0, _shelf.Cache.Counts.StaleServed);
    }

    [Fact]
    public async Task While_other_copies_are_not_heard_every_entry_is_asked_for_before_it_is_served()
    {
        await _shelf.GetAsync();
        _shelf.IsCurrent = false;
        _shelf.Rows[1] = "changed by another copy";
        Assert.Equal("changed by another copy", await _shelf.GetAsync());
        _shelf.Rows[1] = "and again";
        Assert.Equal("and again", await _shelf.GetAsync());
        _shelf.Rows.Clear();
        Assert.Null(await _shelf.GetAsync());
        _shelf.Rows[1] = "back";
        Assert.Equal("back", await _shelf.GetAsync());
        Assert.Equal(5, _shelf.Loads);

        _shelf.IsCurrent = true;
        Assert.Equal("back", await _shelf.GetAsync());
        Assert.Equal(5, _shelf.Loads);

        (_shelf.IsCurrent, _shelf.Failure) = (false, new TimeoutException("No answer."));
        Assert.Equal("back", await _shelf.GetAsync());
        Assert.Equal(1, _shelf.Cache.Counts.StaleServed);
    }

    [Fact]
    public async Task Failures_that_nobody_waits_for_any_more_are_no_unobserved_exceptions()
    {
        var unobserved = 0;
        void Count(object? sender, UnobservedTaskExceptionEventArgs e) =>
            unobserved += e.Exception.InnerExceptions.Any(i => i is AbandonedException) ? 1 : 0;
        TaskScheduler.UnobservedTaskException += Count;
        try
        {
            await AbandonAsync();
            for (var i = 0; i < 2; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            Assert.Equal(0, unobserved);
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Count;
        }

        static async Task AbandonAsync()
        {
            var shelf = new Shelf();
            await shelf.GetAsync();
            shelf.Failure = new AbandonedException();
            shelf.Time.Advance(3 * Life);
            shelf.Hold();
            var slow = shelf.GetAsync();
            shelf.Time.Advance(TimeSpan.FromSeconds(1));
            await slow;
            using var gone = new CancellationTokenSource();
            var cancelled = shelf.GetUntilAsync(2, gone.Token);
            await gone.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
            shelf.Release();
            Assert.Equal(3, shelf.Loads);
        }
    }

    private sealed class AbandonedException : Exception;
}
