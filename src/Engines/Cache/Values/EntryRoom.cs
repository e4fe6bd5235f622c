using Groundwork.Cache.Entries;

namespace Groundwork.Cache.Values;

/// <summary>What a collection may take while it stands in its entry, in one piece.</summary>
internal static unsafe class EntryRoom
{
    // Two entries to a page; what is larger would waste up to half of one.
    private const int MaxEntryBytes = 8192;

    /// <summary>Whether an entry has room for a value of so many bytes, also when it comes to expire.</summary>
    public static bool Fits(Found found, int valueLength) => Fits(found.Entry->KeyLength, valueLength);

    /// <summary>Whether the entry of a key has room for a value of so many bytes, also when it comes to expire.</summary>
    public static bool Fits(int keyLength, int valueLength) =>
        Entry.BytesFor(keyLength, valueLength, expires: true) <= MaxEntryBytes;
}
