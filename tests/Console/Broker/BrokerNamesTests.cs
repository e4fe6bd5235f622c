using Groundwork.Console.Pages.Broker;

namespace Groundwork.Console.Tests.Broker;

/// <summary>Names in addresses and live regions.</summary>
public sealed class BrokerNamesTests
{
    [Theory]
    [InlineData("billing")]
    [InlineData("a/b %2F é 😀")]
    [InlineData(".")]
    public void A_group_of_any_name_has_a_live_region(string group) => Assert.Equal(group, BrokerNames.Group(BrokerNames.Argument(group)));

    [Theory]
    [InlineData("")]
    [InlineData("!")]
    [InlineData("_w")]
    public void What_names_no_group_has_none(string argument) => Assert.Null(BrokerNames.Group(argument));

    [Theory]
    [InlineData("orders.v1_a-b", true)]
    [InlineData("", false)]
    [InlineData("no good", false)]
    [InlineData("é", false)]
    public void Topics_are_called_as_the_broker_lets_them_be(string name, bool isTopic) => Assert.Equal(isTopic, BrokerNames.IsTopic(name));

    [Theory]
    [InlineData("2026-11-30T08:00", "2026-11-30T08:00:00Z")]
    [InlineData("2026-11-30 08:00:01.25", "2026-11-30T08:00:01.25Z")]
    [InlineData("2026-11-30T08:00:00.001-01:00", "2026-11-30T09:00:00.001Z")]
    [InlineData("soon", "soon")]
    public void A_time_is_sent_as_it_was_meant_in_utc_with_its_milliseconds(string typed, string sent)
    {
        Assert.Equal(sent, (string?)new ResetWish("g", "orders", "time", typed).ToBody()["to"]);
        Assert.Equal(sent, (string?)new DeletionWish("orders", 0, typed).ToBody()["before"]);
    }

    [Theory]
    [InlineData("1000")]
    [InlineData("1.5")]
    [InlineData("-100")]
    [InlineData("latest")]
    public void What_is_no_time_is_sent_as_it_was_typed(string typed) => Assert.Equal(typed, (string?)new DeletionWish("orders", 0, typed).ToBody()["before"]);
}
