using System.Globalization;
using System.Text;

namespace Groundwork.Cache.Benchmarks.Load;

/// <summary>How a server is asked: what a request is, and how long the answer to it, so that a load need not look into answers.</summary>
/// <remarks>Keys are of 16 bytes; every key that is asked for is there.</remarks>
internal abstract class Dialect
{
    /// <summary>Redis' protocol.</summary>
    public static Dialect Redis { get; } = new RedisDialect();

    /// <summary>memcached's, as text.</summary>
    public static Dialect Memcached { get; } = new MemcachedDialect();

    /// <summary>A request for a value.</summary>
    public abstract byte[] Get(int key);

    /// <summary>The length of the answer to that.</summary>
    public abstract int GetAnswerBytes(int valueBytes);

    /// <summary>A request to keep a value.</summary>
    public abstract byte[] Set(int key, int valueBytes);

    /// <summary>The length of the answer to that.</summary>
    public abstract int SetAnswerBytes { get; }

    private static string Key(int key) => string.Create(CultureInfo.InvariantCulture, $"key:{key:D12}");

    private static string Value(int bytes) => new('x', bytes);

    private static int Digits(int number) => number.ToString(CultureInfo.InvariantCulture).Length;

    private sealed class RedisDialect : Dialect
    {
        public override int SetAnswerBytes => "+OK\r\n".Length;

        public override byte[] Get(int key) => Encoding.ASCII.GetBytes($"*2\r\n$3\r\nGET\r\n$16\r\n{Key(key)}\r\n");

        public override int GetAnswerBytes(int valueBytes) => Digits(valueBytes) + valueBytes + "$\r\n\r\n".Length;

        public override byte[] Set(int key, int valueBytes) => Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"*3\r\n$3\r\nSET\r\n$16\r\n{Key(key)}\r\n${valueBytes}\r\n{Value(valueBytes)}\r\n"));
    }

    private sealed class MemcachedDialect : Dialect
    {
        public override int SetAnswerBytes => "STORED\r\n".Length;

        public override byte[] Get(int key) => Encoding.ASCII.GetBytes($"get {Key(key)}\r\n");

        public override int GetAnswerBytes(int valueBytes) =>
            "VALUE  0 \r\n\r\nEND\r\n".Length + Key(0).Length + Digits(valueBytes) + valueBytes;

        public override byte[] Set(int key, int valueBytes) => Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"set {Key(key)} 0 0 {valueBytes}\r\n{Value(valueBytes)}\r\n"));
    }
}
