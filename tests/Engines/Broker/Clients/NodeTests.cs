using Groundwork.Broker.Logs;
using Groundwork.Broker.Node;
using Groundwork.Broker.Storage;
using Groundwork.Testing;

namespace Groundwork.Broker.Tests.Clients;

/// <summary>kafkajs, the client of most Node programs: it shares no code with the others.</summary>
public sealed class NodeTests
{
    private static readonly NodeOptions Small = new() { Logs = new LogStoreOptions { JournalBytes = 4 << 20 } };

    [Fact]
    public async Task It_produces_consumes_and_administers_and_goes_on_where_it_was_when_the_broker_is_started_again()
    {
        using var folder = new TempFolder();
        var broker = await RunningBroker.StartAsync(Small, disk: new SystemDisk(folder.Path));
        var address = broker.Address;
        try
        {
            var lines = await ClientProgram.NodeAsync(broker, "scenario.js", async line =>
            {
                if (line != "records read and committed")
                    return;
                await broker.DisposeAsync();
                broker = await RunningBroker.StartAsync(Small, RunningBroker.Loopback with { Listen = address }, new SystemDisk(folder.Path));
            });

            Assert.Equal(
                ["topic made", "records read and committed", "records read once, also those behind the restart", "offsets", "group deleted", "topic deleted"], lines);
        }
        finally
        {
            await broker.DisposeAsync();
        }
    }
}
