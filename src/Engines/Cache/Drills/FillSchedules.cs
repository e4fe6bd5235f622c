using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Experiments;

namespace Groundwork.Cache.Drills;

/// <summary>
/// Readers and writers of one row of a store behind the cache, their steps in an order of chance: a reader asks, loads, fills; a writer
/// commits, removes the key.
/// </summary>
/// <remarks>
/// The row is the number of its commits. While a writer is between its two steps anything may be read; after the second nobody may get
/// less than it has committed. Not for concurrent use.
/// </remarks>
internal sealed class FillSchedules(ICache cache, Random random, bool setsWithoutLease, Findings findings)
{
    /// <summary>How many readers there are.</summary>
    public const int Readers = 3;

    /// <summary>How many writers there are.</summary>
    public const int Writers = 2;

    /// <summary>How many steps a schedule has.</summary>
    public const int Steps = 24;

    private static readonly byte[] Key = "row"u8.ToArray();

    // Longer than any schedule: no lease ends by itself.
    private static readonly LeaseTerms Terms = new(TimeSpan.FromMinutes(10), TimeSpan.Zero);

    private readonly Reader[] _readers = new Reader[Readers];
    private readonly long[] _unremoved = new long[Writers];
    private readonly ArrayBufferWriter<byte> _buffer = new(sizeof(long));
    private readonly byte[] _value = new byte[sizeof(long)];
    private long _committed;
    private long _removed;

    /// <summary>How many values were read from the cache.</summary>
    public long Hits { get; private set; }

    /// <summary>How many loaded values it took.</summary>
    public long Filled { get; private set; }

    /// <summary>How many it refused, because the row was changed after they had been asked for.</summary>
    public long Refused { get; private set; }

    /// <summary>Plays one.</summary>
    public async ValueTask RunAsync(CancellationToken cancellationToken)
    {
        Array.Clear(_readers);
        Array.Clear(_unremoved);
        await cache.RemoveAsync(Key, cancellationToken);
        _removed = _committed;
        for (var step = 0; step < Steps; step++)
        {
            var who = random.Next(Readers + Writers);
            if (who < Readers)
                _readers[who] = await ReadAsync(_readers[who], cancellationToken);
            else
                await WriteAsync(who - Readers, cancellationToken);
        }
    }

    private async ValueTask<Reader> ReadAsync(Reader reader, CancellationToken cancellationToken)
    {
        switch (reader.At)
        {
            case Place.Outside:
                return await AskAsync(cancellationToken);
            case Place.Granted:
                return reader with { At = Place.Loaded, Loaded = _committed };
            default:
                BinaryPrimitives.WriteInt64LittleEndian(_value, reader.Loaded);
                var filled = setsWithoutLease
                    ? await cache.SetAsync(Key, _value, Timeout.InfiniteTimeSpan, cancellationToken)
                    : await cache.FillAsync(Key, reader.Token, _value, Timeout.InfiniteTimeSpan, cancellationToken);
                (Filled, Refused) = filled ? (Filled + 1, Refused) : (Filled, Refused + 1);
                return default;
        }
    }

    private async ValueTask<Reader> AskAsync(CancellationToken cancellationToken)
    {
        _buffer.ResetWrittenCount();
        var lease = await cache.LeaseAsync(Key, Terms, _buffer, cancellationToken);
        if (lease.HasValue)
        {
            Hits++;
            var version = BinaryPrimitives.ReadInt64LittleEndian(_buffer.WrittenSpan);
            if (version < _removed)
            {
                findings.Add("times an old value was read", string.Create(
                    CultureInfo.InvariantCulture, $"commit {version} after the removal that followed commit {_removed} had ended"));
            }
        }

        return lease.State == LeaseState.Granted ? new Reader(Place.Granted, lease.Token, 0) : default;
    }

    private async ValueTask WriteAsync(int writer, CancellationToken cancellationToken)
    {
        if (_unremoved[writer] == 0)
        {
            _unremoved[writer] = ++_committed;
            return;
        }

        await cache.RemoveAsync(Key, cancellationToken);
        _removed = Math.Max(_removed, _unremoved[writer]);
        _unremoved[writer] = 0;
    }

    private enum Place
    {
        Outside,
        Granted,
        Loaded,
    }

    private readonly record struct Reader(Place At, long Token, long Loaded);
}
