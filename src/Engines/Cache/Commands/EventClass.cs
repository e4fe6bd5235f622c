namespace Groundwork.Cache.Commands;

/// <summary>Which changes of keys are told on channels, and how (Redis' notify-keyspace-events).</summary>
[Flags]
internal enum EventClass
{
    None = 0,

    /// <summary>On the channel of the key (K).</summary>
    ByKey = 1,

    /// <summary>On the channel of the event (E).</summary>
    ByEvent = 1 << 1,

    /// <summary>DEL, EXPIRE, RENAME, … (g).</summary>
    Generic = 1 << 2,

    /// <summary>Strings ($).</summary>
    Text = 1 << 3,

    /// <summary>Lists (l).</summary>
    List = 1 << 4,

    /// <summary>Sets (s).</summary>
    Set = 1 << 5,

    /// <summary>Hashes (h).</summary>
    Hash = 1 << 6,

    /// <summary>Sorted sets (z).</summary>
    SortedSet = 1 << 7,

    /// <summary>Keys whose time was over (x).</summary>
    Expired = 1 << 8,

    /// <summary>Keys that had to leave (e).</summary>
    Evicted = 1 << 9,

    /// <summary>Streams (t).</summary>
    Stream = 1 << 10,

    /// <summary>Modules (d).</summary>
    Module = 1 << 11,

    /// <summary>Keys that were looked for in vain (m).</summary>
    Missed = 1 << 12,

    /// <summary>Keys that are new (n).</summary>
    New = 1 << 13,

    /// <summary>All changes, without those that were looked for in vain and those that are new (A).</summary>
    All = Generic | Text | List | Set | Hash | SortedSet | Expired | Evicted | Stream | Module,
}

/// <summary>Classes of events as letters.</summary>
internal static class EventClasses
{
    private const string Letters = "KEg$lshzxetdmn";

    /// <summary>Reads letters.</summary>
    public static bool TryParse(string letters, out EventClass classes)
    {
        classes = EventClass.None;
        foreach (var letter in letters)
        {
            var at = Letters.IndexOf(letter, StringComparison.Ordinal);
            if (at < 0 && letter != 'A')
                return false;
            classes |= letter == 'A' ? EventClass.All : (EventClass)(1 << at);
        }

        return true;
    }

    /// <summary>Classes as letters: what is told, then how, as Redis writes them.</summary>
    public static string Format(EventClass classes)
    {
        var text = (classes & EventClass.All) == EventClass.All ? "A" : "";
        foreach (var letter in text.Length > 0 ? "KEmn" : "g$lshzxetdKEmn")
        {
            if ((classes & (EventClass)(1 << Letters.IndexOf(letter, StringComparison.Ordinal))) != 0)
                text += letter;
        }

        return text;
    }
}
