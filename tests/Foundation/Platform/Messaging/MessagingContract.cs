using System.Text;
using Groundwork.Broker;
using Groundwork.Platform.Messaging;
using Groundwork.Platform.Tests.Data;
using Groundwork.Ports.Database;
using Groundwork.Ports.Messaging;
using Groundwork.Testing.Messaging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Groundwork.Platform.Tests.Messaging;

/// <summary>What the suites of outbox and inbox have in common: a database, and a broker in memory that fails on command.</summary>
public abstract class MessagingContract(DatabaseHome home) : DataContract(home)
{
    /// <summary>A topic that is there, of one partition.</summary>
    protected const string Topic = "things";

    protected RiggedBroker Broker { get; private set; } = null!;

    /// <summary>What the rigged one stands before.</summary>
    protected TestBroker Real { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Real = await TestBroker.StartAsync(cancellationToken: Token);
        Broker = new RiggedBroker(Real.Broker);
        await Broker.EnsureTopicAsync(new TopicSpec(Topic), Token);
    }

    public override async ValueTask DisposeAsync()
    {
        if (Real is not null)
            await Real.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected Outbox NewOutbox(OutboxOptions? options = null, IDatabase? database = null) => new(database ?? Database, Time, new Random(1), options);

    protected OutboxRelay NewRelay(Outbox outbox, string holder = "one", IBroker? broker = null) =>
        new(outbox, broker ?? Broker, holder, Time, new Random(1), NullLogger.Instance);

    /// <summary>Adds events of a key, each in a transaction of its own.</summary>
    protected async Task AddAsync(Outbox outbox, string key, params IEnumerable<string> values)
    {
        foreach (var value in values)
            await TransactAsync(outbox.Database, key, t => outbox.AddAsync(t, key, Event(key, value)));
        outbox.Wake();
    }

    protected static OutboxEvent Event(string? key, string value, string topic = Topic) => new(topic, key is null ? null : Bytes(key), Bytes(value)) { Id = value };

    protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    protected static string Text(IncomingRecord record) => record.Value is { } value ? Encoding.UTF8.GetString(value.Span) : "";

    protected static string Key(IncomingRecord record) => record.Key is { } key ? Encoding.UTF8.GetString(key.Span) : "";

    protected static string? Header(IncomingRecord record, string name) => EventHeaders.Find(record.Headers, name);

    /// <summary>The records of a topic of one partition, as they are now.</summary>
    protected async Task<List<IncomingRecord>> RecordsAsync(string topic = Topic)
    {
        var records = new List<IncomingRecord>();
        if (await Broker.FindTopicAsync(topic, Token) is null || (await Broker.RangeAsync(topic, 0, Token)).End is var end && end == 0)
            return records;
        await foreach (var record in Broker.ReadAsync(topic, 0, ReadStart.Earliest, null, Token))
        {
            records.Add(record);
            if (record.Offset == end - 1)
                break;
        }

        return records;
    }

    /// <summary>Waits until so many records are in a topic, letting the clock run.</summary>
    protected async Task<List<IncomingRecord>> RunUntilAsync(int count, string topic = Topic)
    {
        await RunUntilAsync(async () => (await RecordsAsync(topic)).Count >= count);
        return await RecordsAsync(topic);
    }

    /// <summary>Lets the clock run until something is so.</summary>
    protected Task<bool> RunUntilAsync(Func<Task<bool>> isSo)
    {
        return RunClockUntilAsync(UntilAsync());

        async Task<bool> UntilAsync()
        {
            while (!await isSo())
                await Task.Delay(1, Token);
            return true;
        }
    }

    /// <summary>Waits until something is so, while the clock stands still.</summary>
    protected static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(Patience);
        while (!await isSo())
            await Task.Delay(1, patience.Token);
    }
}
