using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Groundwork.Ports.Caching;

namespace Groundwork.Platform.Caching.Drills;

/// <summary>What stands in the shared cache of <see cref="CacheHotKeyDrill"/>: the hot key's version, and which part its readers may begin.</summary>
internal sealed class HotKeyBoard(ICache cache)
{
    private static readonly byte[] HotKey = Encoding.ASCII.GetBytes(HotKeyReader.Hot);
    private static readonly byte[] Part = "part"u8.ToArray();

    private static readonly byte[][] Others =
        [.. Enumerable.Range(0, HotKeyReader.Others).Select(other => Encoding.ASCII.GetBytes($"other:{other}"))];

    private readonly byte[] _number = new byte[sizeof(long)];

    /// <summary>The name of another key.</summary>
    public static byte[] Other(int number) => Others[number];

    /// <summary>Puts something under every other key.</summary>
    public async Task FillAsync(CancellationToken cancellationToken)
    {
        foreach (var other in Others)
            await SetAsync(other, 0, cancellationToken);
    }

    /// <summary>Puts a version under the hot key.</summary>
    public Task WriteAsync(long version, CancellationToken cancellationToken) => SetAsync(HotKey, version, cancellationToken);

    /// <summary>Lets readers begin a part of their work.</summary>
    public Task StartAsync(int part, CancellationToken cancellationToken) => SetAsync(Part, part + 1, cancellationToken);

    /// <summary>Waits until a part may begin.</summary>
    public Task StartedAsync(int part, CancellationToken cancellationToken) => Waits.UntilAsync(
        async () =>
        {
            var bytes = new ArrayBufferWriter<byte>(sizeof(long));
            return (await cache.GetAsync(Part, bytes, cancellationToken)).IsFound && BinaryPrimitives.ReadInt64LittleEndian(bytes.WrittenSpan) > part;
        },
        "The readers may begin.", cancellationToken);

    private async Task SetAsync(byte[] key, long number, CancellationToken cancellationToken)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_number, number);
        await cache.SetAsync(key, _number, Timeout.InfiniteTimeSpan, cancellationToken);
    }
}

/// <summary>Which versions a round has: they only grow.</summary>
internal static class HotKeyVersions
{
    private const long ARound = 1_000;

    /// <summary>The one that is there when it begins.</summary>
    public static long First(int round) => round * ARound;

    /// <summary>The one that is there when it ends.</summary>
    public static long Last(int round, int writes) => First(round) + writes;
}
