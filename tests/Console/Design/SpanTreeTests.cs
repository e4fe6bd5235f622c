using Groundwork.Console.Pages.Telemetry;
using Groundwork.Platform.Telemetry.Recent;

namespace Groundwork.Console.Tests.Design;

public sealed class SpanTreeTests
{
    [Fact]
    public void Spans_stand_below_what_they_were_done_for_in_the_order_of_beginning()
    {
        RecentSpan[] spans = [Span("root", null), Span("make", "root"), Span("read", "root"), Span("insert", "make"), Span("lost", "elsewhere"), Span("tag", "insert")];

        Assert.Equal(
            [("root", 0), ("make", 1), ("insert", 2), ("tag", 3), ("read", 1), ("lost", 0)],
            SpanTree.Of(spans).Select(s => (s.Span.SpanId, s.Depth)));
    }

    private static RecentSpan Span(string id, string? parent) => new(id, parent, "Groundwork.Toys", id, default, default, false, [], []);
}
