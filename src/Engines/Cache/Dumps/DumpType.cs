namespace Groundwork.Cache.Dumps;

/// <summary>The types of values in Redis' dumps, as far as they are strings, lists, sets, sorted sets and hashes. Written are those without a form of its own inside.</summary>
internal enum DumpType : byte
{
    Text = 0,
    List = 1,
    Set = 2,

    /// <summary>With scores as text.</summary>
    SortedSetOfTexts = 3,
    Hash = 4,

    /// <summary>With scores as doubles.</summary>
    SortedSet = 5,
    ListZipList = 10,
    IntegerSet = 11,
    SortedSetZipList = 12,
    HashZipList = 13,

    /// <summary>Several lists that follow one another, each a zip list.</summary>
    ListZipLists = 14,
    HashListPack = 16,
    SortedSetListPack = 17,

    /// <summary>Several lists that follow one another, each a list pack or one long element.</summary>
    ListListPacks = 18,
    SetListPack = 20,
}
