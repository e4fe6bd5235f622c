using System.Buffers;
using System.Buffers.Binary;
using Groundwork.Ports.Caching;

namespace Groundwork.Platform.Caching;

/// <summary>
/// Tags, by which many values are removed at once: each has a generation, a random number that lies in the cache under a key of the tag's
/// own; a value notes the generations of its tags, and counts while they are the same.
/// </summary>
/// <remarks>
/// <para>To remove a tag is to remove its generation: the next who needs it makes another. A generation that leaves for others, or with its
/// server, makes its values miss and never hit wrongly, since no number comes twice. A value notes generations from before it was loaded, so
/// that one that was being loaded while the tag was removed does not count.</para>
/// <para>What it costs: one more lookup for each tag of a value that is read, and one small key for each tag. Removing costs the same for one
/// value and for a million; they take their room until their life ends or others need it. Safe for concurrent use.</para>
/// </remarks>
/// <param name="cache">Where generations lie.</param>
/// <param name="removals">What removes them.</param>
/// <param name="next">A random number, which never comes again.</param>
internal sealed class TagGenerations(ICache cache, Removals removals, Func<long> next)
{
    /// <summary>What keys of generations begin with.</summary>
    public const byte KeyPrefix = (byte)'t';

    private static readonly LeaseTerms Terms = new(TimeSpan.FromSeconds(1), TimeSpan.Zero);

    /// <summary>Removes every value that has a tag.</summary>
    public ValueTask RemoveAsync(byte[] tag) => removals.RemoveAsync(KeyOf(tag));

    /// <summary>Whether notes are current, where that takes no waiting: fresh, missing or unknown.</summary>
    public EntryState Look(ReadOnlySpan<byte> notes)
    {
        Span<byte> key = stackalloc byte[1 + TagNotes.MaxTagBytes];
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        key[0] = KeyPrefix;
        for (notes = notes[1..]; !notes.IsEmpty;)
        {
            var tag = TagNotes.Next(ref notes, out var generation);
            if (tag.Length > TagNotes.MaxTagBytes)
                return EntryState.Missing;
            tag.CopyTo(key[1..]);
            if (removals.Covers(key[..(1 + tag.Length)]))
                return EntryState.Missing;
            var lookup = cache.TryGet(key[..(1 + tag.Length)], bytes, out var length);
            if (lookup == CacheLookup.Unknown)
                return EntryState.Unknown;
            if (lookup != CacheLookup.Found || length != sizeof(long) || BinaryPrimitives.ReadInt64LittleEndian(bytes) != generation)
                return EntryState.Missing;
        }

        return EntryState.Fresh;
    }

    /// <summary>Whether the notes in an envelope are current; true where it has none.</summary>
    /// <exception cref="CacheException">The cache does not say.</exception>
    public async ValueTask<bool> AreCurrentAsync(ReadOnlyMemory<byte> envelope, CancellationToken cancellationToken)
    {
        if (!Envelope.TryRead(envelope.Span, out var opened))
            return false;
        if (opened.Tags.IsEmpty)
            return true;
        foreach (var (key, generation) in Split(opened.Tags[1..]))
        {
            if (removals.Covers(key) || await ReadAsync(key, cancellationToken) != generation)
                return false;
        }

        return true;
    }

    /// <summary>The notes for a value that is about to be loaded; makes generations that are not there.</summary>
    /// <exception cref="CacheException">The cache does not say.</exception>
    public async ValueTask<byte[]> NoteAsync(byte[][] tags)
    {
        if (tags.Length == 0)
            return [];
        var generations = new long[tags.Length];
        for (var i = 0; i < tags.Length; i++)
            generations[i] = await MakeAsync(KeyOf(tags[i]));
        return TagNotes.Of(tags, generations);
    }

    private static byte[] KeyOf(byte[] tag) => [KeyPrefix, .. tag];

    private static List<(byte[] Key, long Generation)> Split(ReadOnlySpan<byte> notes)
    {
        var list = new List<(byte[], long)>();
        while (!notes.IsEmpty)
            list.Add((KeyOf(TagNotes.Next(ref notes, out var generation).ToArray()), generation));
        return list;
    }

    private async ValueTask<long> ReadAsync(byte[] key, CancellationToken cancellationToken)
    {
        var bytes = new ArrayBufferWriter<byte>(sizeof(long));
        return (await cache.GetAsync(key, bytes, cancellationToken)).IsFound ? Read(bytes) : 0;
    }

    // Under the tag's lease, so that one maker's number is not taken away by the next. Whoever is not served it notes one that nobody
    // keeps: its value then counts for nobody, as it must.
    private async ValueTask<long> MakeAsync(byte[] key)
    {
        var bytes = new ArrayBufferWriter<byte>(sizeof(long));
        var lease = await cache.LeaseAsync(key, Terms, bytes);
        if (lease.HasValue && Read(bytes) is var there and not 0 && !removals.Covers(key))
            return there;
        var made = next();
        if (lease.State == LeaseState.Granted)
        {
            var value = new byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(value, made);
            await cache.FillAsync(key, lease.Token, value, Timeout.InfiniteTimeSpan);
        }

        return made;
    }

    private static long Read(ArrayBufferWriter<byte> bytes) =>
        bytes.WrittenCount == sizeof(long) ? BinaryPrimitives.ReadInt64LittleEndian(bytes.WrittenSpan) : 0;
}
