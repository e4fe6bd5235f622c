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

    [Fact]
    public void A_time_of_a_reset_is_sent_as_it_was_meant_in_utc() =>
        Assert.Equal("""{"topic":"orders","to":"2026-11-30T08:00:00Z"}""", new ResetWish("g", "orders", "time", "2026-11-30T08:00").ToBody().ToJsonString());
}
