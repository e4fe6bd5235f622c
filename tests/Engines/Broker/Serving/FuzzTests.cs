using System.Collections;
using System.Diagnostics;
using System.Globalization;
using Groundwork.Broker.Node;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Records;
using Groundwork.Broker.Tests.Logs;
using Groundwork.Broker.Tests.Protocol;
using Groundwork.Broker.Tests.Protocol.Generator;

namespace Groundwork.Broker.Tests.Serving;

/// <summary>
/// Every request in every version, with contents that are random, that nearly make sense, or that are damaged on the way. In the
/// suite it is short and seeded; <c>GROUNDWORK_FUZZ_SECONDS</c> makes it as long as one likes, from another seed each time.
/// </summary>
public sealed class FuzzTests
{
    private const int Seed = 20_301;
    private const int Requests = 3000;

    private static readonly string[] Names = ["t", "u", "g", "h", "range", "consumer", "__consumer_offsets", "retention.ms", "1000", "member", ""];

    private static readonly List<(Structure Message, ApiKey Api, short Version)> Served =
    [
        .. from version in Table.Versions
           where version.Schema.Key is not null && version.Message == version.Schema.Messages[0]
           let api = (ApiKey)version.Schema.Key.GetValueOrDefault()
           where ApiCatalog.Get(api).Served is { } served && served.Contains(version.Version)
           select (version.Message, api, version.Version),
    ];

    private static readonly TimeSpan? Time =
        Environment.GetEnvironmentVariable("GROUNDWORK_FUZZ_SECONDS") is { } text ? TimeSpan.FromSeconds(int.Parse(text, CultureInfo.InvariantCulture)) : null;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_is_sent_the_broker_goes_on_and_nothing_is_left_behind()
    {
        var random = new Random(Time is null ? Seed : Environment.TickCount);
        await using var broker = await RunningBroker.StartAsync(new NodeOptions { MaxPartitions = 200 });
        var topic = broker.Create("t", 3);
        var watch = Stopwatch.StartNew();
        var sent = 0;
        for (; Time is { } time ? watch.Elapsed < time : sent < Requests; sent++)
        {
            var (message, api, version) = Served[random.Next(Served.Count)];
            using var client = await WireClient.ConnectAsync(broker.Address, Cancellation);
            var frame = Frame(Body(message, version, topic.Id, random), api, version);
            var isDamaged = random.Next(4) == 0;
            if (isDamaged)
                Damage(frame, random);
            await client.SendRawAsync(frame, Cancellation);

            // What is damaged may ask for anything, such as to wait for days; and members wait for one another.
            if (!isDamaged && api is not (ApiKey.JoinGroup or ApiKey.SyncGroup))
                await AnsweredAsync(client);
            if (sent % 1000 == 0)
                broker.AssertNoFailure();
        }

        while (broker.Server.Connected > 0)
            await Task.Delay(1, Cancellation);
        Assert.Equal((0L, 0L), (broker.Node.Memory.Taken, broker.Node.AnswerMemory.Taken));
        Assert.All(broker.Node.Topics.All.SelectMany(t => t.Partitions), log => Assert.Equal(0, log.Watchers.Count));
        TestContext.Current.SendDiagnosticMessage("{0} requests, {1} connections closed on the client, {2} topics", sent, broker.Closed.Count, broker.Node.Topics.All.Count());
        _ = await (await broker.ConnectAsync()).AskAsync(new MetadataRequest { Topics = null }, Cancellation);
    }

    // Behind each request goes one that is always answered: what comes before that is the answer to the first, if it has one.
    private static async Task AnsweredAsync(WireClient client)
    {
        await client.SendRawAsync(Convert.FromHexString("0000000A001200007FFFFFFF0000"), Cancellation);
        while (await client.ReceiveFrameAsync(Cancellation) is { } frame && !frame.AsSpan(0, 4).SequenceEqual((ReadOnlySpan<byte>)[0x7F, 0xFF, 0xFF, 0xFF]))
        {
        }
    }

    private static byte[] Body(Structure message, short version, Guid topic, Random random)
    {
        var made = new SampleMessages(message, version, random).Make();
        Bound(made);
        var plain = MessageCodec.Write(made, version);
        if (random.Next(5) == 0)
            return plain;
        Steer(made, topic, random);
        try
        {
            return MessageCodec.Write(made, version);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // It says something now for which its version has no field.
            return plain;
        }
    }

    private static byte[] Frame(byte[] body, ApiKey api, short version)
    {
        using var writer = new ProtocolWriter();
        var frame = writer.BeginFrame();
        new RequestHeader((short)api, version, 1, "fuzz").Write(writer, ApiCatalog.Get(api).RequestHeaderVersion(version));
        writer.EndFrame(frame);
        byte[] whole = [.. writer.ToArray(), .. body];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(whole, whole.Length - Framing.LengthBytes);
        return whole;
    }

    // The length stays what it is: what is wrong with that is told elsewhere, and ends the connection at once.
    private static void Damage(byte[] frame, Random random)
    {
        for (var i = random.Next(1, 4); i > 0; i--)
            frame[random.Next(Framing.LengthBytes, frame.Length)] = (byte)(random.Next(3) == 0 ? 0xFF : random.Next(256));
    }

    // Nothing waits for long.
    private static void Bound(IMessage message)
    {
        foreach (var name in new[] { "MaxWaitMs", "TimeoutMs" })
        {
            if (message.GetType().GetProperty(name) is { } property)
                property.SetValue(message, Math.Abs((int)property.GetValue(message)! % 5));
        }
    }

    // Names that exist, numbers that are near to what is right, batches that are whole.
    private static void Steer(object message, Guid topic, Random random)
    {
        foreach (var property in message.GetType().GetProperties().Where(property => property.CanWrite))
        {
            object? steered = property.GetValue(message) switch
            {
                string { Length: > 0 } => Names[random.Next(Names.Length)],
                Guid id when id != Guid.Empty => topic,
                int and not (0 or -1) when property.Name == "SessionTimeoutMs" => random.Next(6000, 7000),
                int and not (0 or -1) when property.Name is not ("MaxWaitMs" or "TimeoutMs") => random.Next(-2, 4),
                long and not (0 or -1) => (long)random.Next(-6, 20),
                short and not 0 => (short)random.Next(-1, 2),
                sbyte and not 0 => (sbyte)random.Next(5),
                RecordBytes { IsNull: false } => new RecordBytes(Batch(random)),
                _ => null,
            };
            if (steered is not null && random.Next(4) != 0)
                property.SetValue(message, steered);
            else if (property.GetValue(message) is IMessage inner)
                Steer(inner, topic, random);
            else if (property.GetValue(message) is IList list)
                SteerAll(list, topic, random);
        }
    }

    private static void SteerAll(IList list, Guid topic, Random random)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i] is IMessage inner)
                Steer(inner, topic, random);
            else if (list[i] is string)
                list[i] = Names[random.Next(Names.Length)];
            else if (list[i] is int)
                list[i] = random.Next(-1, 4);
        }
    }

    private static byte[] Batch(Random random)
    {
        var codec = (Codec)random.Next(5);
        var producer = random.Next(2) == 0 ? -1 : random.Next(3);
        var batch = TestBatches.Of(
            ["a", "b"], DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), producer, (short)(producer < 0 ? -1 : random.Next(2)), producer < 0 ? -1 : 2 * random.Next(3), codec);
        if (random.Next(3) != 0)
            return batch;
        Damage(batch, random);
        if (random.Next(2) == 0)
            RecordBatch.Seal(batch);
        return batch;
    }
}
