using System.Diagnostics;
using Groundwork.Ports.Experiments;
using Groundwork.Primitives.Limiting;
using Groundwork.RateLimits.Drills.Callers;

namespace Groundwork.RateLimits.Tests.Drills;

/// <summary>What the drills judge histories by: it sees what a limit cannot have admitted, and nothing where there is nothing.</summary>
public sealed class AdmissionsTests
{
    private const long Start = 1_780_000_000_000_000;

    public static TheoryData<int> Cases => new(Enumerable.Range(0, LimitCases.All.Count));

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_a_limit_admits_is_found_right_however_late_answers_come(int index)
    {
        var limit = LimitCases.All[index];
        var (random, findings, history) = (new Random(index), new Findings(), new List<Admission>());
        var (state, length) = (new byte[LimitState.MaxLength(limit)], 0);
        for (var now = 0L; now < 2_000_000; now += random.Next(2_000))
        {
            var decision = LimitState.Take(limit, state, ref length, Start + now, 1);
            if (decision.IsAllowed)
                history.Add(Between(now + decision.Delay - random.Next(50_000), now + decision.Delay + random.Next(50_000)));
        }

        Admissions.Check(history, limit, "test", findings);

        Assert.True(findings.IsClean, findings.ToString());
        Assert.True(history.Count > limit.Burst);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Two_who_both_spend_every_permit_are_found_out(int index)
    {
        var limit = LimitCases.All[index];
        var (findings, history) = (new Findings(), new List<Admission>());
        var (state, length) = (new byte[LimitState.MaxLength(limit)], 0);
        for (var now = 0L; now < 2_000_000; now += 1_000)
        {
            var decision = LimitState.Take(limit, state, ref length, Start + now, 1);
            var begun = Between(now + decision.Delay - 100, now + decision.Delay + 100);
            if (decision.IsAllowed)
                history.AddRange([begun, begun]);
        }

        Admissions.Check(history, limit, "test", findings);

        Assert.False(findings.IsClean);
    }

    [Fact]
    public void One_more_than_the_burst_at_once_is_too_many()
    {
        var limit = Limit.TokenBucket(400, TimeSpan.FromSeconds(1), burst: 60);
        var (atBurst, above) = (new Findings(), new Findings());

        Admissions.Check([.. Enumerable.Repeat(Between(0, 100), 60)], limit, "test", atBurst);
        Admissions.Check([.. Enumerable.Repeat(Between(0, 100), 61)], limit, "test", above);

        Assert.True(atBurst.IsClean);
        Assert.False(above.IsClean);
    }

    private static Admission Between(long sent, long received) => new(Ticks(sent), Ticks(received));

    private static long Ticks(long microseconds) => (long)(microseconds * (Stopwatch.Frequency / 1e6));
}
