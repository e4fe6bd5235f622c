using System.Buffers.Binary;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Benchmarks.Load;

/// <summary>Counts a server's answers as they come off a connection, in pieces of any length, and looks at no more of them than it must. Not thread-safe.</summary>
internal abstract class AnswerCounter
{
    /// <summary>Takes what was received.</summary>
    /// <returns>How many answers ended in it.</returns>
    /// <exception cref="InvalidOperationException">One of them is a refusal.</exception>
    public abstract int Count(ReadOnlySpan<byte> received);
}

/// <summary>Answers of Kafka's protocol to Produce, or the canned ones: each has its length before it. What comes whole in a piece, as nearly all do, is read.</summary>
internal sealed class FrameCounter : AnswerCounter
{
    private readonly byte[] _length = new byte[Framing.LengthBytes];
    private int _lengthBytes;
    private int _left;

    public override int Count(ReadOnlySpan<byte> received)
    {
        var answers = 0;
        while (!received.IsEmpty)
        {
            if (_lengthBytes < _length.Length)
            {
                _length[_lengthBytes++] = received[0];
                received = received[1..];
                _left = BinaryPrimitives.ReadInt32BigEndian(_length);
                continue;
            }

            var part = Math.Min(received.Length, _left);
            if (part == BinaryPrimitives.ReadInt32BigEndian(_length) && part != CannedServer.ProduceAnswerBytes)
                KafkaRequests.RequireProduced(received[..part].ToArray());
            received = received[part..];
            _left -= part;
            if (_left > 0)
                continue;
            _lengthBytes = 0;
            answers++;
        }

        return answers;
    }
}

/// <summary>Answers of two lines, a head and what it announces, as Redis' protocol and that of NATS have them; other lines are passed over.</summary>
/// <param name="head">With what a head begins: <c>$</c>, or <c>MSG</c>'s M.</param>
internal sealed class LineCounter(char head) : AnswerCounter
{
    private const byte End = (byte)'\n';

    private bool _isBegun;
    private bool _isHead;
    private bool _isAnnounced;

    public override int Count(ReadOnlySpan<byte> received)
    {
        var answers = 0;
        while (!received.IsEmpty)
        {
            if (!_isBegun && !_isAnnounced)
            {
                if (received[0] == (byte)'-')
                    throw new InvalidOperationException($"It was refused: {System.Text.Encoding.UTF8.GetString(received)}");
                _isHead = received[0] == head;
            }

            _isBegun = true;
            if (received.IndexOf(End) is not (>= 0 and var end))
                return answers;
            if (_isAnnounced)
                answers++;
            _isAnnounced = !_isAnnounced && _isHead;
            _isBegun = false;
            received = received[(end + 1)..];
        }

        return answers;
    }
}
