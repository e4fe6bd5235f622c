
namespace Groundwork.Platform.Data.Drills;

/// <summary>Compares what was acknowledged with what is there. Counts everything, keeps the first few examples.</summary>
internal sealed class CrashFindings
{
    private const int KeptExamples = 3;

    private readonly List<string> _examples = [];

    /// <summary>Rows and pairs that were acknowledged and are not there.</summary>
    public long Lost { get; private set; }

    /// <summary>Pairs of which one half is there, and rows that hold what nobody wrote.</summary>
    public long Torn { get; private set; }

    /// <summary>Rows and pairs that are there, whole, without having been acknowledged: the program ended in between.</summary>
    public long Unacknowledged { get; private set; }

    /// <summary>Why it could not be opened again; null when it could.</summary>
    public string? Damage { get; private set; }

    /// <summary>Whether the claim stands.</summary>
    public bool IsClean => Lost == 0 && Torn == 0 && Damage is null;

    /// <summary>Adds a round.</summary>
    /// <param name="acknowledged">The numbers that were acknowledged.</param>
    /// <param name="found">The rows that are there.</param>
    public void Add(IReadOnlyCollection<long> acknowledged, IReadOnlyCollection<(long Number, int Half, string Content)> found)
    {
        var whole = new HashSet<long>();
        foreach (var rows in found.GroupBy(row => row.Number))
        {
            if (rows.Any(row => row.Content != CrashRows.Content(row.Number, row.Half)))
                Wrong(rows.Key, "holds what nobody wrote");
            else if (rows.Count() != (CrashRows.IsPair(rows.Key) ? 2 : 1))
                Wrong(rows.Key, "is there by half");
            else
                whole.Add(rows.Key);
        }

        var present = found.Select(row => row.Number).ToHashSet();
        foreach (var number in acknowledged)
        {
            if (!present.Contains(number))
            {
                Lost++;
                Example(number, "was acknowledged and is not there");
            }
        }

        whole.ExceptWith(acknowledged);
        Unacknowledged += whole.Count;
    }

    /// <summary>It is damaged: nothing in it can be trusted.</summary>
    public void AddDamage(string what) => Damage = what;

    /// <summary>What was found, in words.</summary>
    public override string ToString() => this switch
    {
        { Damage: { } damage } => $"It does not open sound: {damage}",
        { IsClean: true } => $"Every acknowledged row and pair is there, in full; so are {Unacknowledged:N0} that were under way; none is there by half.",
        _ => $"{Lost:N0} acknowledged are lost, {Torn:N0} are torn: {string.Join("; ", _examples)}.",
    };

    private void Wrong(long number, string what)
    {
        Torn++;
        Example(number, what);
    }

    private void Example(long number, string what)
    {
        if (_examples.Count < KeptExamples)
            _examples.Add($"{(CrashRows.IsPair(number) ? "pair" : "row")} {number} {what}");
    }
}
