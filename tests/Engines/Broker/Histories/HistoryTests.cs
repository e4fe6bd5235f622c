namespace Groundwork.Broker.Tests.Histories;

/// <summary>The checker finds what it is there to find: each kind of fault is planted, and seen.</summary>
public sealed class HistoryTests
{
    [Fact]
    public void A_right_history_has_nothing_wrong_with_it()
    {
        Assert.Empty(Right().Check());
        Assert.Equal((4, 4), Right().Count);
    }

    [Fact]
    public void What_was_acknowledged_and_is_not_there_though_later_ones_are_is_lost()
    {
        var history = new History();
        Keep(history, "a/0", 0, read: false);
        Keep(history, "a/1", 1);

        Assert.Equal(History.Kind.Lost, Assert.Single(history.Check()).Kind);
    }

    [Fact]
    public void What_nobody_has_read_up_to_yet_is_not_lost_nor_is_what_was_never_acknowledged()
    {
        var history = new History();
        Keep(history, "a/0", 0);
        Keep(history, "a/1", 1, read: false);
        history.Send(0, "b/0");

        Assert.Empty(history.Check());
    }

    [Fact]
    public void What_is_at_two_places_is_duplicated()
    {
        var history = Right();
        history.Read(0, 3, "a/1");

        Assert.Contains(history.Check(), finding => finding.Kind == History.Kind.Duplicated);
    }

    [Fact]
    public void What_is_behind_a_later_one_of_its_producer_is_reordered()
    {
        var history = new History();
        Keep(history, "a/1", 0);
        Keep(history, "a/0", 1);

        Assert.Equal(History.Kind.Reordered, Assert.Single(history.Check()).Kind);
    }

    [Fact]
    public void Two_reads_of_one_place_that_differ_are_found()
    {
        var history = Right();
        history.Send(0, "b/7");
        history.Read(0, 1, "b/7");

        Assert.Equal(History.Kind.Diverged, Assert.Single(history.Check()).Kind);
    }

    [Fact]
    public void What_is_not_where_its_producer_was_told_is_found()
    {
        var history = new History();
        history.Send(0, "a/0");
        history.Acknowledge("a/0", 5);
        history.Read(0, 4, "a/0");

        Assert.Equal(History.Kind.Diverged, Assert.Single(history.Check()).Kind);
    }

    [Fact]
    public void What_nobody_sent_or_was_refused_is_invented()
    {
        var history = Right();
        history.Read(0, 3, "x/0");
        history.Send(0, "d/0");
        history.Refuse("d/0");
        history.Read(0, 4, "d/0");

        Assert.Equal([History.Kind.Invented, History.Kind.Invented], history.Check().Select(finding => finding.Kind));
    }

    private static History Right()
    {
        var history = new History();
        Keep(history, "a/0", 0);
        Keep(history, "b/0", 1);
        Keep(history, "a/1", 2);
        Keep(history, "c/0", 0, partition: 1);
        return history;
    }

    private static void Keep(History history, string value, long offset, bool read = true, int partition = 0)
    {
        history.Send(partition, value);
        history.Acknowledge(value, offset);
        if (read)
            history.Read(partition, offset, value);
    }
}
