using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Experiments;

namespace Groundwork.Platform.Caching.Drills;

/// <summary>A process that reads in <see cref="CacheHotKeyDrill"/>. Not for concurrent use.</summary>
internal sealed class HotKeyReader : IAsyncDisposable
{
    /// <summary>The space.</summary>
    public const string Space = "drill-hot";

    /// <summary>The hot key.</summary>
    public const string Hot = "hot";

    /// <summary>How often each reads plainly, half of it the hot key.</summary>
    public const int PlainReads = 4_000;

    /// <summary>How many other keys there are.</summary>
    public const int Others = 200;

    private const int NearReads = 100_000;
    private const int Readers = 8;

    // After so many reads each pauses, so that the threads that hear of changes have their turn.
    private const int ReadsAtATime = 64;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private static readonly byte[] HotKey = System.Text.Encoding.ASCII.GetBytes(Hot);

    private readonly DrillSpaces _spaces;
    private readonly ICache _far;
    private readonly ICache _near;
    private readonly Random _random;
    private readonly bool _keepsNothing;

    /// <param name="context">The worker's.</param>
    /// <param name="connection">Where the shared cache is.</param>
    public HotKeyReader(IDrillContext context, string connection)
    {
        _spaces = new DrillSpaces(context, connection, DrillSpaces.Patient);
        (_far, _near) = (_spaces.OpenFar(Space), _spaces.Open(Space));
        (_random, _keepsNothing) = (context.Random, context.Sabotage);
    }

    /// <summary>Reads as a client that keeps nothing.</summary>
    public async Task ReadPlainlyAsync(int part, CancellationToken cancellationToken)
    {
        await _spaces.ReadyAsync(cancellationToken);
        await new HotKeyBoard(_far).StartedAsync(part, cancellationToken);
        await ReadAsync(_far, PlainReads, 0, cancellationToken);
    }

    /// <summary>Reads as a copy of the program does, until it has read enough and seen the last version.</summary>
    public async Task<HotKeyReads> ReadNearAsync(int part, long last, CancellationToken cancellationToken)
    {
        await Waits.UntilAsync(() => _spaces.IsHeard(Space), "Changes are heard of.", cancellationToken);
        await new HotKeyBoard(_far).StartedAsync(part, cancellationToken);
        return await ReadAsync(_keepsNothing ? _far : _near, NearReads, last, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _spaces.DisposeAsync();

    private async Task<HotKeyReads> ReadAsync(ICache cache, int reads, long last, CancellationToken cancellationToken)
    {
        var all = await Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => _random.Next()).ToList().Select(seed => Task.Run(
            () => ReadAsync(cache, reads / Readers, last, new Random(seed), cancellationToken), cancellationToken)));
        return HotKeyReads.Sum(all);
    }

    private static async Task<HotKeyReads> ReadAsync(ICache cache, int reads, long last, Random random, CancellationToken cancellationToken)
    {
        var (seen, bytes) = (new HotKeyReads(), new ArrayBufferWriter<byte>(sizeof(long)));
        for (var (version, count) = (-1L, 0); count < reads || version < last; count += 2)
        {
            var began = Stopwatch.GetTimestamp();
            version = await NumberAsync(cache, HotKey, bytes, cancellationToken);
            seen.Add(version, began);
            _ = await NumberAsync(cache, HotKeyBoard.Other(random.Next(Others)), bytes, cancellationToken);
            if (count % ReadsAtATime == 0)
                await Task.Delay(Pause, cancellationToken);
        }

        return seen;
    }

    private static async ValueTask<long> NumberAsync(ICache cache, byte[] key, ArrayBufferWriter<byte> bytes, CancellationToken cancellationToken)
    {
        if (TryRead(cache, key, out var number))
            return number;
        bytes.ResetWrittenCount();
        return (await cache.GetAsync(key, bytes, cancellationToken)).IsFound
            ? BinaryPrimitives.ReadInt64LittleEndian(bytes.WrittenSpan)
            : throw new InvalidOperationException("A key that nobody removes is not there.");
    }

    private static bool TryRead(ICache cache, byte[] key, out long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        var found = cache.TryGet(key, bytes, out _) == CacheLookup.Found;
        number = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        return found;
    }
}
