using System.Buffers;
using System.Text;
using Groundwork.Ports.Caching;

namespace Groundwork.Testing.Caching;

/// <summary>
/// What a cache has to answer to one caller, for whom no time passes: a dictionary with at most one lease a key.
/// </summary>
/// <remarks>Values live for an hour or a hundred; who asks for a lease counts as stale what has two hours or less.</remarks>
internal sealed class CacheModel(ICache cache, Random random)
{
    private static readonly TimeSpan Short = TimeSpan.FromHours(1);
    private static readonly TimeSpan Long = TimeSpan.FromHours(100);
    private static readonly TimeSpan Between = TimeSpan.FromHours(2);
    private static readonly string[] Keys = ["a", "b", "c"];

    private readonly Dictionary<string, (string Text, bool IsShort)> _values = [];
    private readonly Dictionary<string, long> _leases = [];
    private readonly List<(string Key, long Token)> _given = [];
    private int _made;

    /// <summary>Makes one call, and compares.</summary>
    public Task StepAsync(CancellationToken cancellationToken)
    {
        var key = Keys[random.Next(Keys.Length)];
        return random.Next(20) switch
        {
            < 4 => GetAsync(key, cancellationToken),
            < 6 => SetAsync(key, cancellationToken),
            < 9 => RemoveAsync(key, cancellationToken),
            < 14 => LeaseAsync(key, cancellationToken),
            < 18 => FillAsync(key, cancellationToken),
            < 19 => ReleaseAsync(key, cancellationToken),
            _ => ClearAsync(cancellationToken),
        };
    }

    private async Task GetAsync(string key, CancellationToken cancellationToken)
    {
        var destination = new ArrayBufferWriter<byte>();
        var read = await cache.GetAsync(Bytes(key), destination, cancellationToken);
        AssertValue(key, read.IsFound, destination);
    }

    private async Task SetAsync(string key, CancellationToken cancellationToken)
    {
        var (text, isShort) = NewValue();
        Assert.True(await cache.SetAsync(Bytes(key), Bytes(text), isShort ? Short : Long, cancellationToken));
        _values[key] = (text, isShort);
        _leases.Remove(key);
    }

    private async Task RemoveAsync(string key, CancellationToken cancellationToken)
    {
        await cache.RemoveAsync(Bytes(key), cancellationToken);
        _values.Remove(key);
        _leases.Remove(key);
    }

    private async Task ClearAsync(CancellationToken cancellationToken)
    {
        await cache.ClearAsync(cancellationToken);
        _values.Clear();
        _leases.Clear();
    }

    private async Task LeaseAsync(string key, CancellationToken cancellationToken)
    {
        var stale = random.Next(2) == 0 ? TimeSpan.Zero : Between;
        var destination = new ArrayBufferWriter<byte>();
        var lease = await cache.LeaseAsync(Bytes(key), new LeaseTerms(Long, stale), destination, cancellationToken);

        AssertValue(key, lease.HasValue, destination);
        var isFresh = _values.TryGetValue(key, out var value) && !(value.IsShort && stale > TimeSpan.Zero);
        Assert.Equal(isFresh ? LeaseState.Fresh : _leases.ContainsKey(key) ? LeaseState.Held : LeaseState.Granted, lease.State);
        if (lease.State == LeaseState.Granted)
        {
            Assert.DoesNotContain((key, lease.Token), _given);
            _given.Add((key, lease.Token));
            _leases[key] = lease.Token;
        }
    }

    private async Task FillAsync(string key, CancellationToken cancellationToken)
    {
        var token = SomeToken(key);
        var (text, isShort) = NewValue();
        var filled = await cache.FillAsync(Bytes(key), token, Bytes(text), isShort ? Short : Long, cancellationToken);

        Assert.Equal(_leases.TryGetValue(key, out var live) && live == token, filled);
        if (filled)
        {
            _leases.Remove(key);
            _values[key] = (text, isShort);
        }
    }

    private async Task ReleaseAsync(string key, CancellationToken cancellationToken)
    {
        var token = SomeToken(key);
        await cache.ReleaseAsync(Bytes(key), token, cancellationToken);
        if (_leases.TryGetValue(key, out var live) && live == token)
            _leases.Remove(key);
    }

    // The one that is good, if there is one, or any that was.
    private long SomeToken(string key) =>
        _leases.TryGetValue(key, out var live) && random.Next(4) > 0 ? live
        : _given.Count > 0 ? _given[random.Next(_given.Count)].Token
        : 0;

    private (string Text, bool IsShort) NewValue() => ($"value {++_made}", random.Next(2) == 0);

    private void AssertValue(string key, bool found, ArrayBufferWriter<byte> destination) => Assert.Equal(
        _values.TryGetValue(key, out var value) ? value.Text : null,
        found ? Encoding.UTF8.GetString(destination.WrittenSpan) : null);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
