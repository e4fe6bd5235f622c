using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Groundwork.Broker.Drills.Clients;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Records;

namespace Groundwork.Broker.Benchmarks.Load;

/// <summary>
/// Consumers that read a topic from its beginning, each over a connection of its own and each all of it, a request after the other as clients do it.
/// Of what comes the batches' headers are read, and nothing else.
/// </summary>
internal sealed class ConsumeLoad : IDisposable
{
    private const short FetchVersion = 12;
    private const short CommitVersion = 8;
    private const int AnswersACommit = 16;

    private readonly List<Consumer> _consumers;

    /// <param name="port">The server's.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="partitions">How many it has.</param>
    /// <param name="consumers">How many read it.</param>
    /// <param name="commits">Whether each is a group of its own that commits how far it has come, by and by.</param>
    public ConsumeLoad(int port, string topic, int partitions, int consumers, bool commits) =>
        _consumers = [.. Enumerable.Range(0, consumers).Select(i => new Consumer(port, topic, partitions, commits ? $"bench-{i}" : null))];

    /// <summary>Lets each of them read so many records of each partition; returns how many that were together.</summary>
    public async Task<long> RunAsync(long records, CancellationToken cancellationToken) =>
        (await Task.WhenAll(_consumers.Select(consumer => Task.Run(() => consumer.ReadAsync(records, cancellationToken), cancellationToken)))).Sum();

    public void Dispose()
    {
        foreach (var consumer in _consumers)
            consumer.Dispose();
    }

    private sealed class Consumer : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        private readonly string _topic;
        private readonly int _partitions;
        private readonly string? _group;
        private byte[] _answer = new byte[2 * KafkaRequests.FetchBytes];

        public Consumer(int port, string topic, int partitions, string? group)
        {
            (_topic, _partitions, _group) = (topic, partitions, group);
            _socket.Connect(IPAddress.Loopback, port);
        }

        public async Task<long> ReadAsync(long records, CancellationToken cancellationToken)
        {
            long all = 0;
            for (var partition = 0; partition < _partitions; partition++)
            {
                var answers = 0;
                for (long offset = 0, read = 0; read < records;)
                {
                    var answer = await AskAsync(DrillTopic.Fetch(_topic, partition, offset, KafkaRequests.FetchBytes, maxWaitMs: 500), FetchVersion, cancellationToken);
                    var (count, next) = Walk(answer);
                    if (count == 0)
                        throw new InvalidOperationException($"Partition {partition} has nothing at offset {offset}.");
                    (offset, read, all) = (next, read + count, all + count);
                    if (_group is not null && ++answers % AnswersACommit == 0)
                        _ = await AskAsync(Commit(partition, offset), CommitVersion, cancellationToken);
                }
            }

            return all;
        }

        public void Dispose() => _socket.Dispose();

        private OffsetCommitRequest Commit(int partition, long offset) => new()
        {
            GroupId = _group!,
            Topics = [new() { Name = _topic, Partitions = [new() { PartitionIndex = partition, CommittedOffset = offset }] }],
        };

        private async Task<Memory<byte>> AskAsync(IRequest request, short version, CancellationToken cancellationToken)
        {
            await _socket.SendAsync(KafkaRequests.Frame(request, version), cancellationToken);
            var length = 0;
            for (var there = 0; there < Framing.LengthBytes || there < Framing.LengthBytes + length;)
            {
                var read = await _socket.ReceiveAsync(_answer.AsMemory(there, (there < Framing.LengthBytes ? Framing.LengthBytes : Framing.LengthBytes + length) - there), cancellationToken);
                if (read == 0)
                    throw new IOException("The server closed the connection.");
                there += read;
                if (there != Framing.LengthBytes)
                    continue;
                length = BinaryPrimitives.ReadInt32BigEndian(_answer);
                if (_answer.Length < Framing.LengthBytes + length)
                    Array.Resize(ref _answer, Framing.LengthBytes + length);
            }

            return _answer.AsMemory(Framing.LengthBytes, length);
        }

        private static (long Records, long Next) Walk(Memory<byte> answer)
        {
            var reader = new ProtocolReader(answer);
            _ = ResponseHeader.Read(ref reader, flexible: true);
            var partition = FetchResponse.Read(ref reader, FetchVersion).Responses[0].Partitions[0];
            if (partition.ErrorCode != ErrorCode.None)
                throw new InvalidOperationException($"It could not be read: {partition.ErrorCode}.");
            var (records, next) = (0L, 0L);
            for (var rest = partition.Records.Join().Span; rest.Length >= RecordBatch.HeaderBytes && RecordBatch.LengthOf(rest) is var length && length <= rest.Length; rest = rest[length..])
            {
                var batch = new RecordBatch(rest);
                (records, next) = (records + batch.RecordCount, batch.NextOffset);
            }

            return (records, next);
        }
    }
}
