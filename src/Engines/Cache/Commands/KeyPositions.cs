using System.Text;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands;

/// <summary>Which arguments of a command are keys.</summary>
/// <param name="First">The first key's place; 0 where there are none.</param>
/// <param name="Last">The last key's place; negative counted from the end, -1 the last argument.</param>
/// <param name="Step">The distance between keys.</param>
internal readonly record struct KeyPositions(int First, int Last, int Step)
{
    /// <summary>No keys.</summary>
    public static KeyPositions None => default;

    /// <summary>The first argument.</summary>
    public static KeyPositions One => new(1, 1, 1);

    /// <summary>The first two arguments.</summary>
    public static KeyPositions Two => new(1, 2, 1);

    /// <summary>All arguments.</summary>
    public static KeyPositions All => new(1, -1, 1);

    /// <summary>Every second argument: keys and their values in turn.</summary>
    public static KeyPositions Pairs => new(1, -1, 2);

    /// <summary>All arguments but the last, which is a time-out.</summary>
    public static KeyPositions AllButLast => new(1, -2, 1);

    /// <summary>The place of the argument that says how many keys follow it; 0 where they are not counted.</summary>
    public int CountAt { get; private init; }

    /// <summary>Whether the argument behind the last word STORE is a key too.</summary>
    public bool EndsWithStore { get; private init; }

    /// <summary>The first argument, and where the result goes where <c>STORE key</c> says so.</summary>
    public static KeyPositions OneAndStore => new(1, 1, 1) { EndsWithStore = true };

    /// <summary>So many keys as an argument says, behind it.</summary>
    public static KeyPositions Counted(int at) => new(0, 0, 1) { CountAt = at };

    /// <summary>The first argument is a key too: where the result goes.</summary>
    public static KeyPositions FirstAndCounted(int at) => new(1, 1, 1) { CountAt = at };

    /// <summary>The keys' places, written into <paramref name="places"/>; a count that is none means none.</summary>
    /// <returns>How many there are; no more than find room are written.</returns>
    public int Find(Arguments arguments, Span<int> places)
    {
        var count = 0;
        if (First > 0)
        {
            var last = Last < 0 ? arguments.Count + Last : Last;
            for (var i = First; i <= last && i < arguments.Count; i += Step)
                Add(i, places);
        }

        if (CountAt > 0 && CountAt < arguments.Count
            && IntegerText.TryParse(arguments[CountAt], out var keys) && keys > 0 && keys < arguments.Count - CountAt)
        {
            for (var i = CountAt + 1; i <= CountAt + keys; i++)
                Add(i, places);
        }

        if (EndsWithStore && StoreOf(arguments) is var store and > 0)
            Add(store, places);
        return count;

        void Add(int place, Span<int> into)
        {
            if (count < into.Length)
                into[count] = place;
            count++;
        }
    }

    // The words before it may be anything where they are patterns.
    private static int StoreOf(Arguments arguments)
    {
        var at = 0;
        for (var i = 2; i + 1 < arguments.Count; i++)
        {
            var word = arguments[i];
            if (Ascii.EqualsIgnoreCase(word, "limit"u8))
                i += 2;
            else if (Ascii.EqualsIgnoreCase(word, "by"u8) || Ascii.EqualsIgnoreCase(word, "get"u8))
                i++;
            else if (Ascii.EqualsIgnoreCase(word, "store"u8))
                at = ++i;
        }

        return at;
    }
}
