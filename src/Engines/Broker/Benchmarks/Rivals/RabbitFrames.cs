using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Groundwork.Broker.Benchmarks.Load;

namespace Groundwork.Broker.Benchmarks.Rivals;

/// <summary>
/// The frames of RabbitMQ's stream protocol that a producer needs: length, key, version, and for a request a number that its answer repeats. Numbers have their highest byte first;
/// a text has its length in two bytes before it, bytes and lists in four.
/// </summary>
internal static class RabbitFrames
{
    /// <summary>The key of a frame that says what is stored.</summary>
    public const short PublishConfirm = 3;

    /// <summary>The key of a frame that says what is not.</summary>
    public const short PublishError = 4;

    /// <summary>How many bytes a frame's length has.</summary>
    public const int LengthBytes = sizeof(int);

    private const short Version = 1;
    private const short Ok = 1;
    private const short AnswerBit = unchecked((short)0x8000);
    private const short TuneKey = 20;
    private const int MaxFrameBytes = 1 << 20;

    public static byte[] PeerProperties() => Request(17, frame => frame.Number(0));

    public static byte[] SaslHandshake() => Request(18, _ => { });

    public static byte[] SaslAuthenticate(string user, string password) =>
        Request(19, frame => frame.Text("PLAIN").Bytes(Encoding.UTF8.GetBytes($"\0{user}\0{password}")));

    public static byte[] Open(string host) => Request(21, frame => frame.Text(host));

    /// <summary>A stream that keeps so many bytes.</summary>
    public static byte[] Create(string stream, string maxBytes) =>
        Request(13, frame => frame.Text(stream).Number(1).Text("max-length-bytes").Text(maxBytes));

    /// <summary>A publisher without a name: the broker knows no repetitions of it.</summary>
    public static byte[] DeclarePublisher(byte publisher, string stream) => Request(1, frame => frame.Byte(publisher).Text("").Text(stream));

    /// <summary>Publishes a value some times, numbered from 0.</summary>
    public static byte[] Publish(byte publisher, byte[] value, int times)
    {
        var frame = new Frame(2).Byte(publisher).Number(times);
        for (long i = 0; i < times; i++)
            frame.LongNumber(i).Bytes(value);
        return frame.ToArray();
    }

    /// <summary>Sends a request and waits for its answer.</summary>
    /// <exception cref="InvalidOperationException">It is refused.</exception>
    public static void Ask(Socket socket, byte[] request)
    {
        socket.Send(request);
        var (asked, answer) = (KeyOf(request.AsSpan(LengthBytes)), Receive(socket));
        var code = BinaryPrimitives.ReadInt16BigEndian(answer.AsSpan(8));
        if (KeyOf(answer) != (short)(asked | AnswerBit) || code != Ok)
            throw new InvalidOperationException($"RabbitMQ answered to request {asked} with {KeyOf(answer) & 0x7fff}, code {code}.");
    }

    /// <summary>Takes what the server proposes once somebody is known, and agrees to frames of a MiB and no heartbeats.</summary>
    public static void AgreeOnTune(Socket socket)
    {
        if (KeyOf(Receive(socket)) is not TuneKey and var other)
            throw new InvalidOperationException($"RabbitMQ sent {other} where Tune was to come.");
        socket.Send(new Frame(TuneKey).Number(MaxFrameBytes).Number(0).ToArray());
    }

    private static short KeyOf(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadInt16BigEndian(frame);

    private static byte[] Receive(Socket socket) => Receive(socket, BinaryPrimitives.ReadInt32BigEndian(Receive(socket, LengthBytes)));

    private static byte[] Receive(Socket socket, int length)
    {
        var bytes = new byte[length];
        for (var at = 0; at < length;)
        {
            var read = socket.Receive(bytes.AsSpan(at));
            if (read == 0)
                throw new IOException("RabbitMQ closed the connection.");
            at += read;
        }

        return bytes;
    }

    // One request at a time waits: all have the same number.
    private static byte[] Request(short key, Action<Frame> write)
    {
        var frame = new Frame(key).Number(1);
        write(frame);
        return frame.ToArray();
    }

    /// <summary>A frame as it is written.</summary>
    private sealed class Frame
    {
        private readonly List<byte> _bytes = [0, 0, 0, 0];

        public Frame(short key)
        {
            ShortNumber(key);
            ShortNumber(Version);
        }

        public Frame Byte(byte value)
        {
            _bytes.Add(value);
            return this;
        }

        public Frame Number(int value)
        {
            Span<byte> bytes = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32BigEndian(bytes, value);
            _bytes.AddRange(bytes);
            return this;
        }

        public Frame LongNumber(long value)
        {
            Span<byte> bytes = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64BigEndian(bytes, value);
            _bytes.AddRange(bytes);
            return this;
        }

        public Frame Text(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            ShortNumber((short)bytes.Length);
            _bytes.AddRange(bytes);
            return this;
        }

        public Frame Bytes(byte[] bytes)
        {
            Number(bytes.Length);
            _bytes.AddRange(bytes);
            return this;
        }

        public byte[] ToArray()
        {
            var bytes = _bytes.ToArray();
            BinaryPrimitives.WriteInt32BigEndian(bytes, bytes.Length - LengthBytes);
            return bytes;
        }

        private void ShortNumber(short value)
        {
            Span<byte> bytes = stackalloc byte[sizeof(short)];
            BinaryPrimitives.WriteInt16BigEndian(bytes, value);
            _bytes.AddRange(bytes);
        }
    }
}

/// <summary>Counts what RabbitMQ says to have stored: many numbers to a frame. Not thread-safe.</summary>
internal sealed class ConfirmCounter : AnswerCounter
{
    // Length, key, version, publisher, and how many numbers follow.
    private const int HeadBytes = RabbitFrames.LengthBytes + sizeof(short) + sizeof(short) + sizeof(byte) + sizeof(int);
    private const int KeyAt = RabbitFrames.LengthBytes;
    private const int CountAt = HeadBytes - sizeof(int);

    private readonly byte[] _head = new byte[HeadBytes];
    private int _headBytes;
    private int _left;

    public override int Count(ReadOnlySpan<byte> received)
    {
        var answers = 0;
        while (!received.IsEmpty)
        {
            if (_headBytes < HeadBytes)
            {
                var part = Math.Min(received.Length, HeadBytes - _headBytes);
                received[..part].CopyTo(_head.AsSpan(_headBytes));
                _headBytes += part;
                received = received[part..];
                if (_headBytes < HeadBytes)
                    return answers;
                var key = BinaryPrimitives.ReadInt16BigEndian(_head.AsSpan(KeyAt));
                if (key != RabbitFrames.PublishConfirm)
                    throw new InvalidOperationException($"RabbitMQ sent {(key == RabbitFrames.PublishError ? "that records were not stored" : $"a frame of key {key}")}.");
                _left = RabbitFrames.LengthBytes + BinaryPrimitives.ReadInt32BigEndian(_head) - HeadBytes;
            }

            var rest = Math.Min(received.Length, _left);
            _left -= rest;
            received = received[rest..];
            if (_left > 0)
                return answers;
            answers += BinaryPrimitives.ReadInt32BigEndian(_head.AsSpan(CountAt));
            _headBytes = 0;
        }

        return answers;
    }
}
