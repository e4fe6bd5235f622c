using System.Net;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Tests.Logs;
using Groundwork.Broker.Tests.Protocol;

namespace Groundwork.Broker.Tests.Histories;

/// <summary>
/// An idempotent producer that writes to one partition, some batches at a time, and sends again what was not answered, in its order and by its numbers. It is
/// impatient: where the disk hangs it is told so, and asks anew over another connection.
/// </summary>
internal sealed class HistoryProducer(string name, int partition, History history, Random random)
{
    private const int UnderWay = 3;
    private const short Version = 9;
    private const int PatienceMs = 40;

    private readonly Queue<(int Sequence, List<string> Values)> _pending = new();
    private long _id = -1;
    private int _next;

    /// <summary>How often it was told that the disk takes too long.</summary>
    public int TimedOut { get; private set; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Sends until the broker is gone, or, where a last time is wanted, until all that is pending is acknowledged.</summary>
    public async Task RunAsync(EndPoint broker, bool last)
    {
        try
        {
            for (var goesOn = true; goesOn;)
            {
                using var client = await WireClient.ConnectAsync(broker, Cancellation);
                var timedOut = TimedOut;
                while ((goesOn = await SendAsync(client, last)) && timedOut == TimedOut)
                {
                }
            }
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            // The broker is gone: what was not answered is sent to the next one.
            Assert.False(last, e.Message);
        }
    }

    private async Task<bool> SendAsync(WireClient client, bool last)
    {
        if (_id < 0)
        {
            var given = await client.AskAsync(new InitProducerIdRequest { TransactionalId = null }, Cancellation);
            if (given.ErrorCode != ErrorCode.None)
                return false;
            _id = given.ProducerId;
        }

        while (!last && _pending.Count < UnderWay)
            _pending.Enqueue(Make());
        var ids = new Queue<int>();
        foreach (var (sequence, values) in _pending)
            ids.Enqueue(await client.SendAsync(Requests.Produce("t", partition, Batch(sequence, values), timeoutMs: last ? 30_000 : PatienceMs), Version, Cancellation));
        while (ids.TryDequeue(out var id))
        {
            var answer = (await client.ReceiveAsync<ProduceResponse>(id, ApiKey.Produce, Version, Cancellation)).One();
            if (answer.ErrorCode == ErrorCode.KafkaStorageError)
                return false;

            // What becomes of it is not known, and so of none behind it.
            if (answer.ErrorCode == ErrorCode.RequestTimedOut)
            {
                TimedOut++;
                return true;
            }

            // Anything else would be a fault: a gap in what was sent in order, a repetition that is not known.
            Assert.Equal(ErrorCode.None, answer.ErrorCode);
            var (_, values) = _pending.Dequeue();
            for (var i = 0; i < values.Count; i++)
                history.Acknowledge(values[i], answer.BaseOffset + i);
        }

        return !last;
    }

    private (int Sequence, List<string> Values) Make()
    {
        var values = Enumerable.Range(_next, random.Next(1, 4)).Select(number => $"{name}/{number}").ToList();
        foreach (var value in values)
            history.Send(partition, value);
        _next += values.Count;
        return (_next - values.Count, values);
    }

    private byte[] Batch(int sequence, List<string> values) =>
        TestBatches.Of(values, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), _id, 0, sequence);
}
