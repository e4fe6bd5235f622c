namespace Groundwork.Broker.Tests.Clients;

/// <summary>kafka-python, a client that shares no code with librdkafka.</summary>
public sealed class PythonTests
{
    [Fact]
    public async Task It_produces_consumes_shares_groups_and_administers()
    {
        await using var broker = await RunningBroker.StartAsync();

        var lines = await ClientProgram.PythonAsync(broker, "scenario.py");

        Assert.Equal(
            ["topic made", "records read", "configs", "partitions", "times", "group resumed", "group shared", "group described", "topic deleted"], lines);
    }
}
