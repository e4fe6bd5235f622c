using System.Buffers;
using System.Text;
using CsCheck;
using Groundwork.Platform.Caching;
using Groundwork.Ports.Caching;
using Groundwork.Testing.Caching;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Platform.Tests.Caching;

/// <summary>How stale a near cache may be while words of changes are late, lost or in another order.</summary>
public sealed class NearCacheTests
{
    private static readonly byte[] Key = "a"u8.ToArray();

    private readonly FakeTimeProvider _time = new();
    private readonly MemoryCache _shared;
    private readonly FarCache _here;
    private readonly FarCache _there;
    private readonly NearCache _near;

    public NearCacheTests()
    {
        var space = new CacheSpace("s", 1 << 20);
        _shared = new MemoryCache(space, _time);
        (_here, _there) = (new FarCache(_shared), new FarCache(_shared));
        _here.Others.Add(_there);
        _there.Others.Add(_here);
        _near = new NearCache(_here, new MemoryCache(space, _time), _time);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_read_once_is_read_again_without_asking_the_shared_cache()
    {
        await SetThereAsync("1");
        _here.DeliverAll();
        Assert.Equal("1", await ReadAsync());
        var calls = _here.Calls;

        Assert.Equal("1", await ReadAsync());
        Assert.Equal("1", ReadFast());
        Assert.Equal(calls, _here.Calls);
    }

    [Fact]
    public async Task What_was_found_fresh_for_a_lease_is_kept_near_too()
    {
        await SetThereAsync("1");
        _here.DeliverAll();
        var lease = await _near.LeaseAsync(Key, new LeaseTerms(TimeSpan.FromSeconds(1), TimeSpan.Zero), new ArrayBufferWriter<byte>(), Token);
        Assert.Equal(LeaseState.Fresh, lease.State);
        Assert.Equal("1", ReadFast());
    }

    [Fact]
    public async Task A_change_elsewhere_is_seen_when_its_word_comes()
    {
        await SetThereAsync("1");
        _here.DeliverAll();
        await ReadAsync();
        await SetThereAsync("2");
        Assert.Equal("1", ReadFast()); // late
        _here.DeliverAll();
        Assert.Null(ReadFast());
        Assert.Equal("2", await ReadAsync());
    }

    [Fact]
    public async Task Nothing_near_is_served_while_words_may_be_lost_and_nothing_from_before_afterwards()
    {
        await SetThereAsync("1");
        _here.DeliverAll();
        await ReadAsync();
        _here.IsHeard = false;
        await SetThereAsync("2");
        _here.Words.Clear();
        Assert.Null(ReadFast());
        Assert.Equal("2", await ReadAsync());

        _here.Words.Add(null); // what a new connection begins with
        _here.Deliver();
        _here.IsHeard = true;
        Assert.Null(ReadFast());
        Assert.Equal("2", await ReadAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_read_that_a_change_overtook_is_not_kept(bool byLease)
    {
        await SetThereAsync("1");
        _here.DeliverAll();
        var wait = new TaskCompletionSource();
        _here.ReadsWaitFor = wait.Task;
        var read = byLease
            ? _near.LeaseAsync(Key, new LeaseTerms(TimeSpan.FromSeconds(1), TimeSpan.Zero), new ArrayBufferWriter<byte>(), Token).AsTask()
            : (Task)ReadAsync();
        await SetThereAsync("2");
        _here.DeliverAll();
        _here.ReadsWaitFor = null;
        wait.SetResult();
        await read;
        Assert.Equal("2", await ReadAsync());
    }

    [Fact]
    public async Task Its_own_writes_are_seen_at_once_without_any_word()
    {
        await _near.SetAsync(Key, "1"u8.ToArray(), TimeSpan.FromHours(1), Token);
        Assert.Equal("1", await ReadAsync());
        await _near.SetAsync(Key, "2"u8.ToArray(), TimeSpan.FromHours(1), Token);
        Assert.Equal("2", await ReadAsync());
        await _near.RemoveAsync(Key, Token);
        Assert.Null(await ReadAsync());
        await _near.SetAsync(Key, "3"u8.ToArray(), TimeSpan.FromHours(1), Token);
        await ReadAsync();
        await _near.ClearAsync(Token);
        Assert.Null(await ReadAsync());
    }

    [Fact]
    public async Task A_near_copy_ends_with_its_original_though_nobody_tells()
    {
        var life = NearCache.Life / 2;
        await _shared.SetAsync(Key, "1"u8.ToArray(), life, Token);
        await ReadAsync();
        _time.Advance(life - TimeSpan.FromMilliseconds(1));
        Assert.Equal("1", ReadFast());
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(ReadFast());
        Assert.Null(await ReadAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_an_answer_took_is_taken_off_the_copys_life(bool byLease)
    {
        var life = NearCache.Life / 2;
        await _shared.SetAsync(Key, "1"u8.ToArray(), life, Token);
        var wait = new TaskCompletionSource();
        _here.ReadsWaitFor = wait.Task;
        var read = byLease
            ? _near.LeaseAsync(Key, new LeaseTerms(TimeSpan.FromSeconds(1), TimeSpan.Zero), new ArrayBufferWriter<byte>(), Token).AsTask()
            : (Task)ReadAsync();
        _time.Advance(life / 2);
        wait.SetResult();
        await read;
        Assert.Equal("1", ReadFast());
        _time.Advance(life / 2);
        Assert.Null(ReadFast());
    }

    [Fact]
    public async Task A_value_without_an_end_is_asked_for_again_after_a_while()
    {
        await _shared.SetAsync(Key, "1"u8.ToArray(), Timeout.InfiniteTimeSpan, Token);
        await ReadAsync();
        _time.Advance(NearCache.Life);
        Assert.Null(ReadFast());
    }

    [Fact]
    public async Task A_write_that_fails_leaves_nothing_near()
    {
        await SetThereAsync("1");
        _here.DeliverAll();
        await ReadAsync();
        _here.IsDown = true;
        await Assert.ThrowsAsync<CacheException>(() => _near.RemoveAsync(Key, Token).AsTask());
        Assert.Null(ReadFast());
    }

    [Fact]
    public async Task Whatever_order_words_come_in_once_all_have_come_what_is_near_is_what_is_far() => await Gen.Int[0, 5].Array[1, 60].SampleAsync(
        async steps =>
        {
            var tests = new NearCacheTests();
            var random = new Random(steps.Length);
            var written = 0;
            foreach (var step in steps)
            {
                switch (step)
                {
                    case 0:
                        await tests.SetThereAsync($"{++written}");
                        break;
                    case 1:
                        await tests._there.RemoveAsync(Key);
                        break;
                    case 2 when tests._here.Words.Count > 0:
                        tests._here.Deliver(random.Next(tests._here.Words.Count));
                        break;
                    case 3:
                        await tests._near.SetAsync(Key, Encoding.UTF8.GetBytes($"{++written}"), TimeSpan.FromHours(1));
                        Assert.Equal($"{written}", await tests.ReadAsync());
                        break;
                    default:
                        await tests.ReadAsync();
                        break;
                }
            }

            tests._here.DeliverAll();
            var far = new ArrayBufferWriter<byte>();
            var read = await tests._shared.GetAsync(Key, far);
            Assert.Equal(read.IsFound ? Encoding.UTF8.GetString(far.WrittenSpan) : null, await tests.ReadAsync());
        },
        iter: 2_000, threads: 1);

    private async Task SetThereAsync(string value) => await _there.SetAsync(Key, Encoding.UTF8.GetBytes(value), TimeSpan.FromHours(1));

    private async Task<string?> ReadAsync()
    {
        var bytes = new ArrayBufferWriter<byte>();
        return (await _near.GetAsync(Key, bytes)).IsFound ? Encoding.UTF8.GetString(bytes.WrittenSpan) : null;
    }

    private string? ReadFast()
    {
        Span<byte> bytes = stackalloc byte[100];
        return _near.TryGet(Key, bytes, out var length) == CacheLookup.Found ? Encoding.UTF8.GetString(bytes[..length]) : null;
    }
}
