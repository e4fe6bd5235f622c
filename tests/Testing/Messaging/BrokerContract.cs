using System.Globalization;
using System.Text;
using Groundwork.Ports.Messaging;
using Groundwork.Primitives.Hashing;

namespace Groundwork.Testing.Messaging;

/// <summary>
/// What a user of the Broker port can rely on, whichever broker serves it. A broker's tests derive a sealed class and inherit every test; the groups stand
/// in the files <c>BrokerContract.*.cs</c>.
/// </summary>
public abstract partial class BrokerContract : IAsyncLifetime
{
    /// <summary>Ends with the test.</summary>
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The broker, which each test has for itself or shares with others.</summary>
    protected abstract IBroker Broker { get; }

    /// <summary>Removes the records of a partition before an offset, as retention would.</summary>
    protected abstract Task DeleteBeforeAsync(string topic, int partition, long offset);

    /// <inheritdoc/>
    public abstract ValueTask InitializeAsync();

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>A name that nobody had before.</summary>
    protected static string NewName() => $"t-{Guid.NewGuid():N}";

    /// <summary>Makes a topic of its own for a test.</summary>
    protected async Task<string> NewTopicAsync(int partitions = 1) =>
        (await Broker.EnsureTopicAsync(new TopicSpec(NewName(), partitions), Token)).Name;

    /// <summary>A text as bytes.</summary>
    protected static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>A record of two texts.</summary>
    protected static OutgoingRecord Record(string? key, string value) => new(key is null ? default(ReadOnlyMemory<byte>?) : Bytes(key), Bytes(value));

    /// <summary>A record's value as a text.</summary>
    protected static string Text(IncomingRecord record) => Encoding.UTF8.GetString(record.Value!.Value.Span);

    /// <summary>A key that lies in a partition.</summary>
    protected static string KeyIn(int partition, int partitions) =>
        Enumerable.Range(0, 10_000).Select(i => i.ToString(CultureInfo.InvariantCulture)).First(key => KeyPartition.Of(Bytes(key).Span, partitions) == partition);

    /// <summary>Appends one record.</summary>
    protected async Task<RecordPlace> AppendAsync(string topic, string? key, string value) =>
        Assert.Single(await Broker.AppendAsync(topic, [Record(key, value)], Token));

    /// <summary>Appends values by themselves, each in a batch of its own, to a topic of one partition.</summary>
    protected async Task AppendEachAsync(string topic, int count, Func<int, string>? value = null)
    {
        for (var i = 0; i < count; i++)
            await AppendAsync(topic, "key", value?.Invoke(i) ?? $"{i}");
    }

    /// <summary>Reads so many records of a topic's first partition, and ends reading.</summary>
    protected ValueTask<List<IncomingRecord>> ReadAsync(string topic, int count, ReadStart start = default, ReadOptions? options = null) =>
        TakeAsync(Broker.ReadAsync(topic, 0, start, options, Token), count);

    /// <summary>Reads so many records, and ends reading.</summary>
    protected static async ValueTask<List<IncomingRecord>> TakeAsync(IAsyncEnumerable<IncomingRecord> records, int count)
    {
        var taken = new List<IncomingRecord>(count);
        await foreach (var record in records)
        {
            taken.Add(record);
            if (taken.Count == count)
                break;
        }

        return taken;
    }

    /// <summary>That something fails, and in which way.</summary>
    protected static async Task FailsAsync(BrokerFault fault, Func<Task> action) =>
        Assert.Equal(fault, (await Assert.ThrowsAnyAsync<BrokerException>(action)).Fault);
}
