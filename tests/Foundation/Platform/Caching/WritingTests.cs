using Groundwork.Platform.Caching;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Platform.Tests.Caching;

/// <summary>What writes through and behind a cache promise, with a store that fails.</summary>
public sealed class WritingTests : IAsyncDisposable
{
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(100);

    private readonly FakeTimeProvider _time = new();
    private readonly Dictionary<int, string> _stored = [];
    private readonly List<int> _batches = [];
    private readonly List<int> _invalidated = [];
    private readonly WriteBehind<int, string> _behind;
    private TaskCompletionSource? _gate;
    private Exception? _failure;

    public WritingTests() => _behind = new WriteBehind<int, string>(
        StoreAsync, InvalidateAsync, new WriteBehindOptions { Waiting = 4, Batch = 3, Linger = Linger }, _time, new Random(7));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_write_through_forgets_the_key_after_it_was_stored_also_where_it_failed(bool fails)
    {
        _failure = fails ? new TimeoutException("No answer.") : null;
        var through = new WriteThrough<int, string>(
            async (key, value, token) =>
            {
                Assert.Empty(_invalidated);
                await StoreAsync([new(key, value)], token);
            },
            InvalidateAsync);
        var write = through.WriteAsync(1, "a", Token).AsTask();
        if (fails)
            await Assert.ThrowsAsync<TimeoutException>(() => write);
        else
            await write;
        Assert.Equal([1], _invalidated);
        Assert.Equal(fails ? 0 : 1, _stored.Count);
    }

    [Fact]
    public async Task Of_a_key_only_the_last_value_is_stored_with_others_of_its_time()
    {
        await WriteAsync(1, "a");
        await WriteAsync(2, "b");
        await WriteAsync(1, "c");
        Assert.Empty(_stored);
        Assert.True(_behind.TryGetWaiting(1, out var waiting));
        Assert.Equal("c", waiting);

        _time.Advance(Linger);
        Assert.Equal(("c", "b"), (_stored[1], _stored[2]));
        Assert.Equal([2], _batches);
        Assert.Equal([1, 2], _invalidated.Order());
        Assert.False(_behind.TryGetWaiting(1, out _));
    }

    [Fact]
    public async Task While_the_store_is_down_nothing_that_was_taken_is_lost_and_newer_values_take_the_place_of_older_ones()
    {
        _failure = new TimeoutException("No answer.");
        await WriteAsync(1, "a");
        await WriteAsync(2, "b");
        _time.Advance(Linger);
        await WriteAsync(1, "newer");
        Assert.Equal(2, _behind.Count);
        _failure = null;
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(("newer", "b"), (_stored[1], _stored[2]));
    }

    [Fact]
    public async Task What_is_written_while_its_older_value_is_being_stored_is_stored_after_it()
    {
        _gate = new TaskCompletionSource();
        await WriteAsync(1, "a");
        _time.Advance(Linger);
        await WriteAsync(1, "b");
        Assert.True(_behind.TryGetWaiting(1, out var waiting));
        Assert.Equal("b", waiting);
        Release();
        _time.Advance(Linger);
        Assert.Equal("b", _stored[1]);
        Assert.Equal([1, 1], _batches);
    }

    [Fact]
    public async Task A_full_queue_lets_writers_wait_until_there_is_room()
    {
        _failure = new TimeoutException("No answer.");
        for (var key = 0; key < 4; key++)
            await WriteAsync(key, "a");
        var fifth = _behind.WriteAsync(9, "b", Token).AsTask();
        await WriteAsync(1, "c"); // has a place already
        Assert.False(fifth.IsCompleted);

        using var impatient = new CancellationTokenSource();
        var sixth = _behind.WriteAsync(10, "d", impatient.Token).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sixth);

        _failure = null;
        _time.Advance(TimeSpan.FromSeconds(5));
        await fifth;
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal([0, 1, 2, 3, 9], _stored.Keys.Order());
        Assert.All(_batches, size => Assert.InRange(size, 1, 3));
    }

    [Fact]
    public async Task A_stop_in_good_order_stores_what_was_taken_and_takes_nothing_more()
    {
        for (var key = 0; key < 4; key++)
            await WriteAsync(key, "a");
        Assert.Equal(0, await _behind.StopAsync(Token));
        Assert.Equal(4, _stored.Count);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => WriteAsync(1, "b"));
    }

    [Fact]
    public async Task A_stop_that_may_not_take_longer_says_how_much_was_lost()
    {
        _failure = new TimeoutException("No answer.");
        await WriteAsync(1, "a");
        using var soon = new CancellationTokenSource();
        var stop = _behind.StopAsync(soon.Token);
        await soon.CancelAsync();
        Assert.Equal(1, await stop);
    }

    public ValueTask DisposeAsync() => _behind.DisposeAsync();

    private async Task WriteAsync(int key, string value) => await _behind.WriteAsync(key, value, Token);

    private async ValueTask StoreAsync(IReadOnlyList<KeyValuePair<int, string>> values, CancellationToken cancellationToken)
    {
        if (_gate is { } gate)
            await gate.Task;
        if (_failure is not null)
            throw _failure;
        foreach (var (key, value) in values)
            _stored[key] = value;
        _batches.Add(values.Count);
    }

    private void Release()
    {
        var gate = _gate!;
        _gate = null;
        gate.SetResult();
    }

    private ValueTask InvalidateAsync(int key)
    {
        _invalidated.Add(key);
        return default;
    }
}
