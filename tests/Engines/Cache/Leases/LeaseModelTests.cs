using System.Buffers;
using System.Buffers.Binary;
using Groundwork.Cache.Commands;
using Groundwork.Cache.Embedded;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Groundwork.Ports.Caching;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Cache.Tests.Leases;

/// <summary>
/// Readers and writers of a store behind the cache, in any order of their steps: a reader asks, loads and fills; a writer commits, and
/// removes the key.
/// </summary>
/// <remarks>The store counts the commits of its one row, and the cache has what was counted. While a writer is between its commit and
/// its removal anything may be read; once a removal has ended, nobody who asks then may get less than its writer has committed.</remarks>
public sealed class LeaseModelTests : IDisposable
{
    private const int Schedules = 200_000;
    private const int Steps = 24;

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly CacheEngine _engine;
    private readonly CacheClient _client;
    private readonly ICache _cache;
    private readonly Keyspace _keyspace;
    private readonly Random _random = new(20130404);
    private readonly byte[] _key = "row"u8.ToArray();
    private readonly ArrayBufferWriter<byte> _buffer = new(64);

    private Reader[] _readers = [];
    private int?[] _writers = [];
    private int _committed;
    private int _removed;
    private (int Version, DateTimeOffset Until)? _there;
    private (long Token, DateTimeOffset Until)? _lease;
    private int _refused;
    private int _filled;

    public LeaseModelTests()
    {
        _engine = new CacheEngine(new KeyspaceOptions(0, EvictionPolicy.NoEviction, 1), _time, new Random(1));
        _cache = new EmbeddedServer(_engine).Open(new CacheSpace("rows", CacheLimits.MinSpaceBytes));
        _keyspace = _engine.Spaces.Find("rows"u8)!.Keyspace;
        _client = new CacheClient(_engine);
        _client.Ask("select rows");
    }

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Nobody_reads_what_is_older_than_a_removal_that_has_ended_and_one_loads_at_a_time()
    {
        for (var schedule = 0; schedule < Schedules; schedule++)
        {
            Begin();
            for (var step = 0; step < Steps; step++)
                Step();
        }

        // What is shown is shown of schedules in which it mattered.
        Assert.True(_refused > Schedules / 4, $"{_refused} refused");
        Assert.True(_filled > Schedules / 4, $"{_filled} filled");
    }

    private void Begin()
    {
        Ended(_cache.ClearAsync(TestContext.Current.CancellationToken));
        _readers = [new Reader(), new Reader(), new Reader()];
        _writers = [null, null];
        (_committed, _removed, _there, _lease) = (1, 0, null, null);
    }

    private void Step()
    {
        switch (_random.Next(16))
        {
            case < 9:
                Read(_readers[_random.Next(_readers.Length)]);
                break;
            case < 13:
                Write(ref _writers[_random.Next(_writers.Length)]);
                break;
            case < 15:
                _time.Advance(TimeSpan.FromMilliseconds(_random.Next(1, 30)));
                break;
            default:
                Evict();
                break;
        }
    }

    private void Read(Reader reader)
    {
        switch (reader.At)
        {
            case Place.Outside:
                Ask(reader);
                break;
            case Place.Granted:
                (reader.Loaded, reader.At) = (_committed, Place.Loaded);
                break;
            default:
                reader.At = Place.Outside;
                if (_random.Next(8) is var way && way == 0)
                    Release(reader);
                else if (way > 1)
                    Fill(reader);
                break;
        }
    }

    private void Ask(Reader reader)
    {
        var now = _time.GetUtcNow();
        var terms = new LeaseTerms(TimeSpan.FromMilliseconds(_random.Next(1, 100)), TimeSpan.FromMilliseconds(_random.Next(3) * 10));
        _buffer.ResetWrittenCount();
        var lease = Ended(_cache.LeaseAsync(_key, terms, _buffer, TestContext.Current.CancellationToken));

        var hasValue = _there is { } there && there.Until > now;
        Assert.Equal(hasValue, lease.HasValue);
        if (hasValue)
        {
            var version = BinaryPrimitives.ReadInt32LittleEndian(_buffer.WrittenSpan);
            Assert.Equal(_there!.Value.Version, version);
            Assert.True(version >= _removed, $"{version} was read after {_removed} had been committed and its removal had ended");
        }

        var isFresh = hasValue && _there!.Value.Until - now > terms.Stale;
        Assert.Equal(isFresh ? LeaseState.Fresh : _lease is { } held && held.Until > now ? LeaseState.Held : LeaseState.Granted, lease.State);
        if (lease.State != LeaseState.Granted)
            return;
        _lease = (lease.Token, now + terms.Lease);
        (reader.Token, reader.At) = (lease.Token, Place.Granted);
    }

    private void Fill(Reader reader)
    {
        var now = _time.GetUtcNow();
        var life = TimeSpan.FromMilliseconds(_random.Next(1, 100));
        var value = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(value, reader.Loaded);
        var filled = Ended(_cache.FillAsync(_key, reader.Token, value, life, TestContext.Current.CancellationToken));

        Assert.Equal(_lease is { } lease && lease.Token == reader.Token && lease.Until > now, filled);
        if (!filled)
        {
            _refused++;
            return;
        }

        _filled++;
        (_there, _lease) = ((reader.Loaded, now + life), null);
    }

    private void Release(Reader reader)
    {
        Ended(_cache.ReleaseAsync(_key, reader.Token, TestContext.Current.CancellationToken));
        if (_lease is { } lease && lease.Token == reader.Token)
            _lease = null;
    }

    private void Write(ref int? writer)
    {
        if (writer is not { } committed)
        {
            writer = ++_committed;
            return;
        }

        Remove();
        (_there, _lease, writer) = (null, null, null);
        _removed = Math.Max(_removed, committed);
    }

    // All ways in which a key comes to be gone.
    private void Remove()
    {
        switch (_random.Next(6))
        {
            case 0:
                Ended(_cache.ClearAsync(TestContext.Current.CancellationToken));
                break;
            case 1:
                _client.Ask("unlink", "row");
                break;
            case 2:
                _client.Ask("getdel", "row");
                break;
            case 3:
                _client.AskAll("multi; del row; exec");
                break;
            default:
                Ended(_cache.RemoveAsync(_key, TestContext.Current.CancellationToken));
                break;
        }
    }

    private void Evict()
    {
        var shard = _keyspace.ShardOf(_key);
        lock (shard.Gate)
        {
            var found = shard.Find(0, _key, _keyspace.Now);
            if (found.Exists)
                shard.Remove(ref found, KeyChange.Evicted);
        }

        _there = null;
    }

    private static T Ended<T>(ValueTask<T> task)
    {
        Assert.True(task.IsCompletedSuccessfully);
        return task.GetAwaiter().GetResult();
    }

    private static void Ended(ValueTask task) => Assert.True(task.IsCompletedSuccessfully);

    private enum Place
    {
        Outside,
        Granted,
        Loaded,
    }

    private sealed class Reader
    {
        public Place At { get; set; }

        public long Token { get; set; }

        public int Loaded { get; set; }
    }
}
