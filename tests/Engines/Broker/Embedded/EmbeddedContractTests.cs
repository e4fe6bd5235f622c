using Groundwork.Ports.Messaging;
using Groundwork.Testing;
using Groundwork.Testing.Messaging;

namespace Groundwork.Broker.Tests.Embedded;

/// <summary>The broker in the process keeps the port's contract, in memory.</summary>
public sealed class MemoryContractTests : EmbeddedContract
{
    protected override string? Folder => null;
}

/// <summary>The broker in the process keeps the port's contract on a folder, and what it acknowledged is there when it is opened again.</summary>
public sealed class FolderContractTests : EmbeddedContract
{
    private readonly TempFolder _folder = new();

    protected override string? Folder => _folder["broker"];

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_when_it_is_opened_again()
    {
        var topic = await NewTopicAsync(2);
        var places = await Broker.AppendAsync(topic, [.. Enumerable.Range(0, 50).Select(i => Record($"{i}", $"{i}"))], Token);

        await ReopenAsync();

        Assert.Equal(new BrokerTopic(topic, 2), await Broker.FindTopicAsync(topic, Token));
        for (var partition = 0; partition < 2; partition++)
        {
            var there = places.Select((place, i) => (place, i)).Where(one => one.place.Partition == partition).ToList();
            var read = await TakeAsync(Broker.ReadAsync(topic, partition, ReadStart.Earliest, null, Token), there.Count);
            Assert.Equal(there.Select(one => $"{one.i}"), read.Select(Text));
        }
    }

    [Fact]
    public async Task A_group_goes_on_behind_what_it_committed_when_it_is_opened_again()
    {
        var (topic, group) = (await NewTopicAsync(), NewName());
        await AppendEachAsync(topic, 4);
        await using (var member = await Broker.JoinAsync(group, [topic], null, Token))
            await member.CommitAsync(await TakeAsync(member.ReadAsync(Token), 2), Token);

        await ReopenAsync();

        await using var later = await Broker.JoinAsync(group, [topic], null, Token);
        Assert.Equal(["2", "3"], (await TakeAsync(later.ReadAsync(Token), 2)).Select(Text));
    }
}

/// <summary>The port's contract on a broker of the test's own, and what is promised of the embedded one beside it.</summary>
public abstract class EmbeddedContract : BrokerContract
{
    private TestBroker _broker = null!;

    /// <inheritdoc/>
    protected override IBroker Broker => _broker.Broker;

    /// <summary>Where it lies; null in memory.</summary>
    protected abstract string? Folder { get; }

    public override async ValueTask InitializeAsync() => _broker = await TestBroker.StartAsync(Folder, cancellationToken: Token);

    public override async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override Task DeleteBeforeAsync(string topic, int partition, long offset) => _broker.DeleteBeforeAsync(topic, partition, offset);

    /// <summary>Ends it and starts it again.</summary>
    protected async Task ReopenAsync()
    {
        await _broker.DisposeAsync();
        await InitializeAsync();
    }

    [Fact]
    public async Task A_group_reads_a_topic_once_it_is_there()
    {
        var (topic, group) = (NewName(), NewName());
        await using var member = await Broker.JoinAsync(group, [topic], null, Token);

        await Broker.EnsureTopicAsync(new TopicSpec(topic, 2), Token);
        await AppendAsync(topic, "key", "value");

        Assert.Equal("value", Text(Assert.Single(await TakeAsync(member.ReadAsync(Token), 1))));
    }

    [Fact]
    public async Task Readers_and_members_are_told_that_the_broker_ends()
    {
        var topic = await NewTopicAsync();
        var member = await Broker.JoinAsync(NewName(), [topic], null, Token);
        var waiting = new[] { ReadAsync(topic, 1).AsTask(), TakeAsync(member.ReadAsync(Token), 1).AsTask() };

        await ReopenAsync();

        foreach (var one in waiting)
            await FailsAsync(BrokerFault.Unavailable, () => one);
    }
}
