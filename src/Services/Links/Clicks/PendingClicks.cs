using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Groundwork.Links.Clicks;

/// <summary>
/// The clicks of some seconds on their way into the database: first they are added, as they come; then it is closed, which
/// sorts them, and its parts, one a link and hour, are written from <see cref="Peek"/> to <see cref="Pop"/>, until it is empty
/// and begins again.
/// </summary>
/// <remarks>
/// <para>A click takes 24 bytes, since most are alike in what is counted of them: that is kept once. A table by link and hour
/// would take a hundred and more for each of the many links that are clicked once in a while.</para>
/// <para>Parts come in the order of the links' numbers, which is that of the table's index: neighbours share its pages, and each
/// page is written once for all of them, where one part at a time would write a page each.</para>
/// <para>All parts of one closing have the same name, which differs from any other closing's. Not for concurrent use.</para>
/// </remarks>
internal sealed class PendingClicks
{
    /// <summary>What it may take where nothing else is said, in bytes; whoever adds looks at <see cref="IsFull"/> before.</summary>
    public const int MaxBytes = 2 << 20;

    private const int EntryBytes = 24;
    private const int FormBytes = 128;

    private readonly int _maxBytes;
    private readonly List<Entry> _clicks;
    private readonly List<ReadClick> _forms = [];
    private readonly Dictionary<ReadClick, int> _known = new(new SameForm());
    private readonly Rollup _scratch = new();
    private long _name;
    private int _next;
    private int _peeked;

    /// <param name="maxBytes">What it may take, in bytes. It is taken at once, since a list that grows leaves its old selves behind.</param>
    public PendingClicks(int maxBytes = MaxBytes) => (_maxBytes, _clicks) = (maxBytes, new(maxBytes / EntryBytes));

    /// <summary>How many clicks there are.</summary>
    public int Count { get; private set; }

    /// <summary>Whether there is no room for another.</summary>
    public bool IsFull => Bytes > _maxBytes - EntryBytes - FormBytes;

    /// <summary>How full it is, from 0 to 1.</summary>
    public double Fill => (double)Bytes / _maxBytes;

    /// <summary>How much of it was popped, from 0 to 1.</summary>
    public double Progress => _clicks.Count == 0 ? 1 : (double)_next / _clicks.Count;

    /// <summary>When the first click was added, as a timestamp.</summary>
    public long Since { get; private set; }

    private int Bytes => (_clicks.Count * EntryBytes) + (_forms.Count * FormBytes);

    /// <summary>Adds a click, before <see cref="Close"/>.</summary>
    /// <param name="number">Which link's.</param>
    /// <param name="hour">Of which hour, counted from 1970.</param>
    /// <param name="click">What is known of it.</param>
    /// <param name="now">A timestamp.</param>
    public void Add(long number, long hour, in ReadClick click, long now)
    {
        if (Count == 0)
            Since = now;
        ref var form = ref CollectionsMarshal.GetValueRefOrAddDefault(_known, click, out var exists);
        if (!exists)
        {
            form = _forms.Count;
            _forms.Add(click);
        }

        _clicks.Add(new Entry(number, click.Visitor, (int)hour, form));
        Count++;
    }

    /// <summary>Ends the adding; whatever becomes of a write under the name, what is under it stays as it is.</summary>
    /// <param name="name">The name of its parts; null for one that nobody else has.</param>
    public void Close(long? name = null)
    {
        _name = name ?? ClickStore.NewPart();
        CollectionsMarshal.AsSpan(_clicks).Sort();
    }

    /// <summary>Adds the next parts to a list, after <see cref="Close"/>.</summary>
    public void Peek(int max, List<PendingPart> parts)
    {
        var clicks = CollectionsMarshal.AsSpan(_clicks);
        for (_peeked = _next; parts.Count < max && _peeked < clicks.Length;)
        {
            var length = Entry.PartLength(clicks[_peeked..]);
            if (clicks[_peeked].Form >= 0)
                parts.Add(PartOf(clicks.Slice(_peeked, length), _name));
            _peeked += length;
        }
    }

    /// <summary>Lets go of what the last <see cref="Peek"/> gave.</summary>
    public void Pop()
    {
        foreach (var click in CollectionsMarshal.AsSpan(_clicks)[_next.._peeked])
            Count -= click.Form >= 0 ? 1 : 0;
        _next = _peeked;
        if (Count == 0)
            Clear();
    }

    /// <summary>Moves the clicks of one link to a list of parts: under the name of the closing, or under one of their own.</summary>
    public void TakeOut(long number, bool isClosed, List<PendingPart> parts)
    {
        var taken = new List<Entry>();
        foreach (ref var click in CollectionsMarshal.AsSpan(_clicks)[_next..])
        {
            if (click.Number != number || click.Form < 0)
                continue;
            taken.Add(click);
            click = click with { Form = -1 };
        }

        var name = isClosed ? _name : ClickStore.NewPart();
        var rest = CollectionsMarshal.AsSpan(taken);
        rest.Sort();
        while (!rest.IsEmpty)
        {
            var length = Entry.PartLength(rest);
            parts.Add(PartOf(rest[..length], name));
            rest = rest[length..];
        }

        Count -= taken.Count;
        if (Count == 0)
            Clear();
        else if (!isClosed)
            _clicks.RemoveAll(static click => click.Form < 0);
    }

    /// <summary>Lets go of all.</summary>
    public void Clear()
    {
        _clicks.Clear();
        _forms.Clear();
        _known.Clear();
        (Count, _next, _peeked) = (0, 0, 0);
    }

    private PendingPart PartOf(ReadOnlySpan<Entry> clicks, long name)
    {
        for (var (at, run) = (0, 1); at < clicks.Length; at += run, run = 1)
        {
            while (at + run < clicks.Length && clicks[at + run].Form == clicks[at].Form)
                run++;
            var form = _forms[clicks[at].Form];
            form.AddTo(_scratch, run);
            if (form.Kind != ClickKind.Click)
                continue;
            foreach (var click in clicks.Slice(at, run))
                _scratch.Visitors.Add(click.Visitor);
        }

        var part = new PendingPart(clicks[0].Number, clicks[0].Hour, name, clicks.Length, _scratch.ToBytes());
        _scratch.Clear();
        return part;
    }

    /// <param name="Number">Which link.</param>
    /// <param name="Visitor">By whom: a hash.</param>
    /// <param name="Hour">Which hour, counted from 1970.</param>
    /// <param name="Form">What else is counted of it; -1 where it was taken out.</param>
    private readonly record struct Entry(long Number, ulong Visitor, int Hour, int Form) : IComparable<Entry>
    {
        // By part. As its own and not as a delegate, which sorting would call a few million times a second.
        public int CompareTo(Entry other) =>
            Number != other.Number ? Number.CompareTo(other.Number)
            : Hour != other.Hour ? Hour.CompareTo(other.Hour)
            : Form.CompareTo(other.Form);

        /// <summary>How many of sorted ones are of the first one's link and hour.</summary>
        public static int PartLength(ReadOnlySpan<Entry> sorted)
        {
            var length = 1;
            while (length < sorted.Length && sorted[length].Number == sorted[0].Number && sorted[length].Hour == sorted[0].Hour)
                length++;
            return length;
        }
    }

    /// <summary>Alike but for their visitors. The reader gives the same strings for the same headers, so references will do;
    /// those that it has forgotten in between make one form more.</summary>
    private sealed class SameForm : IEqualityComparer<ReadClick>
    {
        public bool Equals(ReadClick x, ReadClick y) => x.Kind == y.Kind && ReferenceEquals(x.Agent, y.Agent)
            && ReferenceEquals(x.Referrer, y.Referrer) && ReferenceEquals(x.Language, y.Language);

        public int GetHashCode([DisallowNull] ReadClick click) => HashCode.Combine(
            click.Kind, RuntimeHelpers.GetHashCode(click.Agent), RuntimeHelpers.GetHashCode(click.Referrer), RuntimeHelpers.GetHashCode(click.Language));
    }
}

/// <summary>The clicks of a link within an hour, as they are to be written.</summary>
/// <param name="Number">Which link.</param>
/// <param name="Hour">Which hour, counted from 1970.</param>
/// <param name="Name">Under which name.</param>
/// <param name="Clicks">How many they are.</param>
/// <param name="Rollup">The bytes of a <see cref="Clicks.Rollup"/>.</param>
internal readonly record struct PendingPart(long Number, long Hour, long Name, int Clicks, byte[] Rollup);
