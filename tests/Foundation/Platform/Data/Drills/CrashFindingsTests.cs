using Groundwork.Platform.Data.Drills;

namespace Groundwork.Platform.Tests.Data.Drills;

public sealed class CrashFindingsTests
{
    private static readonly long Row = CrashRows.Number(round: 2, writer: 0, sequence: 5);
    private static readonly long Pair = CrashRows.Number(round: 2, writer: 63, sequence: 5);

    [Fact]
    public void What_is_there_in_full_is_fine_acknowledged_or_not()
    {
        var findings = Find([Row], Whole(Row, 0), Whole(Pair, 0), Whole(Pair, 1));

        Assert.True(findings.IsClean);
        Assert.Equal(1, findings.Unacknowledged);
    }

    [Fact]
    public void What_was_acknowledged_and_is_not_there_is_lost()
    {
        var findings = Find([Row, Pair], Whole(Row, 0));

        Assert.False(findings.IsClean);
        Assert.Equal((1, 0), (findings.Lost, findings.Torn));
        Assert.Contains($"pair {Pair} was acknowledged and is not there", findings.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_transaction_is_torn_even_where_nobody_was_told() => Assert.Equal(1, Find([], Whole(Pair, 1)).Torn);

    [Fact]
    public void A_row_that_holds_anothers_content_is_torn() =>
        Assert.Equal(1, Find([Row], (Row, 0, CrashRows.Content(Row + 1, 0))).Torn);

    [Fact]
    public void Numbers_of_a_round_lie_between_its_first_and_the_next_rounds() =>
        Assert.InRange(CrashRows.Number(2, CrashRows.Writers - 1, uint.MaxValue), CrashRows.First(2), CrashRows.First(3) - 1);

    private static CrashFindings Find(long[] acknowledged, params (long, int, string)[] found)
    {
        var findings = new CrashFindings();
        findings.Add(acknowledged, found);
        return findings;
    }

    private static (long Number, int Half, string Content) Whole(long number, int half) => (number, half, CrashRows.Content(number, half));
}
