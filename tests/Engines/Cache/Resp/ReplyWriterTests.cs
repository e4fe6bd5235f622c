using System.Globalization;
using System.Text;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Tests.Resp;

public sealed class ReplyWriterTests : IDisposable
{
    private readonly BlockPool _blocks = new();

    public void Dispose() => _blocks.Dispose();

    [Fact]
    public void Each_type_is_written_in_both_versions_of_the_protocol()
    {
        Expect("+fine\r\n", "+fine\r\n", w => w.SimpleString("fine"u8));
        Expect("+OK\r\n", "+OK\r\n", w => w.Ok());
        Expect("+PONG\r\n", "+PONG\r\n", w => w.Pong());
        Expect("+QUEUED\r\n", "+QUEUED\r\n", w => w.Queued());
        Expect("-ERR a  b\r\n", "-ERR a  b\r\n", w => w.Error("ERR a\r\nb"));
        Expect(":0\r\n", ":0\r\n", w => w.Integer(0));
        Expect(":9\r\n:10\r\n:-1\r\n", ":9\r\n:10\r\n:-1\r\n", w => { w.Integer(9); w.Integer(10); w.Integer(-1); });
        Expect(":-9223372036854775808\r\n", ":-9223372036854775808\r\n", w => w.Integer(long.MinValue));
        Expect("$3\r\na\r\n\r\n", "$3\r\na\r\n\r\n", w => w.Bulk("a\r\n"u8));
        Expect("$0\r\n\r\n", "$0\r\n\r\n", w => w.Bulk([]));
        Expect("$2\r\n-7\r\n", "$2\r\n-7\r\n", w => w.BulkInteger(-7));
        Expect("$-1\r\n", "_\r\n", w => w.Null());
        Expect("*-1\r\n", "_\r\n", w => w.NullArray());
        Expect("*123\r\n", "*123\r\n", w => w.ArrayHeader(123));
        Expect("*4\r\n", "%2\r\n", w => w.MapHeader(2));
        Expect("*2\r\n", "~2\r\n", w => w.SetHeader(2));
        Expect("*2\r\n", ">2\r\n", w => w.PushHeader(2));
        Expect("$3\r\n1.5\r\n", ",1.5\r\n", w => w.Double(1.5));
        Expect("$4\r\n-inf\r\n", ",-inf\r\n", w => w.Double(double.NegativeInfinity));
        Expect(":1\r\n:0\r\n", "#t\r\n#f\r\n", w => { w.Boolean(true); w.Boolean(false); });
        Expect("$20\r\n12345678901234567890\r\n", "(12345678901234567890\r\n", w => w.BigNumber("12345678901234567890"u8));
        Expect("$2\r\nhi\r\n", "=6\r\ntxt:hi\r\n", w => w.Verbatim("txt"u8, "hi"u8));
    }

    [Fact]
    public void An_array_may_be_counted_while_it_is_written()
    {
        Expect("*2\r\n:1\r\n:2\r\n+OK\r\n", "*2\r\n:1\r\n:2\r\n+OK\r\n", w =>
        {
            var array = w.BeginArray();
            w.Integer(1);
            w.Integer(2);
            w.EndArray(array, 2);
            w.Ok();
        });
        Expect("*0\r\n", "*0\r\n", w => w.EndArray(w.BeginArray(), 0));
        Expect("*2\r\n*2\r\n:1\r\n:2\r\n*1\r\n:3\r\n", "%1\r\n~2\r\n:1\r\n:2\r\n*1\r\n:3\r\n", w =>
        {
            var map = w.BeginArray();
            var set = w.BeginArray();
            w.Integer(1);
            w.Integer(2);
            w.EndSet(set, 2);
            var array = w.BeginArray();
            w.Integer(3);
            w.EndArray(array, 1);
            w.EndMap(map, 1);
        });
    }

    [Fact]
    public void Replies_of_any_size_come_out_whole_and_in_order()
    {
        var random = new Random(11);
        for (var round = 0; round < 200; round++)
        {
            var writer = new ReplyWriter(_blocks);
            var expected = new StringBuilder();
            var taken = new StringBuilder();
            for (var reply = 0; reply < 60; reply++)
            {
                WriteRandom(writer, expected, random);
                if (random.Next(3) == 0)
                    Take(writer, taken, random.NextInt64(writer.Length + 1));
                Assert.Equal(expected.Length - taken.Length, writer.Length);
            }

            Take(writer, taken, writer.Length);
            Assert.Equal(expected.ToString(), taken.ToString());
        }

        Assert.Equal(0, _blocks.RentedBytes);
    }

    [Fact]
    public void What_was_written_since_a_mark_can_be_taken_back()
    {
        var writer = new ReplyWriter(_blocks);
        var atStart = writer.Here;
        writer.Bulk(new byte[40_000]);
        writer.Rewind(atStart);
        Assert.Equal(0, writer.Length);

        writer.Ok();
        var mark = writer.Here;
        writer.Ok();
        writer.Bulk(new byte[10_000]);
        writer.Bulk(new byte[10_000]);
        writer.Bulk(new byte[100_000]);
        writer.Rewind(mark);
        writer.Pong();

        Assert.Equal(12, writer.Length);
        Assert.Equal("+OK\r\n+PONG\r\n", Encoding.Latin1.GetString(writer.ToArray()));
        Assert.Equal(BlockPool.BlockBytes, _blocks.RentedBytes);
        writer.Clear();
        Assert.Equal(0, _blocks.RentedBytes);
    }

    [Fact]
    public void Past_its_limit_it_takes_everything_and_holds_nothing()
    {
        var writer = new ReplyWriter(_blocks) { Limit = 100_000 };
        var array = writer.BeginArray();
        var mark = writer.Here;
        for (var i = 0; i < 10_000; i++)
            writer.Bulk(new byte[1000]);
        writer.EndArray(array, 10_000);
        writer.Rewind(mark);

        Assert.True(writer.Overflowed);
        Assert.InRange(_blocks.RentedBytes, 0, 2 * BlockPool.BlockBytes);
        writer.Clear();
    }

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(-0.0, "-0")]
    [InlineData(1.0, "1")]
    [InlineData(-17.0, "-17")]
    [InlineData(3.3, "3.3")]
    [InlineData(0.1, "0.1")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00001, "1e-05")]
    [InlineData(0.000012345, "1.2345e-05")]
    [InlineData(123456789.125, "123456789.125")]
    [InlineData(1e15, "1000000000000000")]
    [InlineData(1e16, "10000000000000000")]
    [InlineData(1e17, "1e+17")]
    [InlineData(1.5e300, "1.5e+300")]
    [InlineData(9007199254740993.0, "9007199254740992")]
    [InlineData(1.7976931348623157e308, "1.7976931348623157e+308")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(double.NaN, "nan")]
    [InlineData(double.PositiveInfinity, "inf")]
    public void A_double_is_written_in_the_fewest_digits(double value, string text) => Assert.Equal(text, Format(value));

    [Fact]
    public void Every_double_reads_back_as_the_same()
    {
        var random = new Random(3);
        for (var i = 0; i < 100_000; i++)
        {
            var value = BitConverter.Int64BitsToDouble(random.NextInt64());
            if (double.IsFinite(value))
                Assert.Equal(value, double.Parse(Format(value), CultureInfo.InvariantCulture));
            var plain = Math.Round((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(20)), random.Next(10));
            Assert.Equal(plain, double.Parse(Format(plain), CultureInfo.InvariantCulture));
        }
    }

    private static string Format(double value)
    {
        Span<byte> text = stackalloc byte[DoubleText.MaxBytes];
        return Encoding.ASCII.GetString(text[..DoubleText.Format(value, text)]);
    }

    private static void WriteRandom(ReplyWriter writer, StringBuilder expected, Random random)
    {
        if (random.Next(5) == 0)
        {
            var elements = random.Next(random.Next(10) == 0 ? 20_000 : 50);
            var array = writer.BeginArray();
            for (var i = 0; i < elements; i++)
                writer.Integer(i % 10);
            writer.EndArray(array, elements);
            expected.Append(CultureInfo.InvariantCulture, $"*{elements}\r\n");
            for (var i = 0; i < elements; i++)
                expected.Append(CultureInfo.InvariantCulture, $":{i % 10}\r\n");
            return;
        }

        var length = random.Next(random.Next(8) == 0 ? 70_000 : 300);
        var letter = (char)random.Next('a', 'z');
        writer.BulkReserve(length).Fill((byte)letter);
        expected.Append(CultureInfo.InvariantCulture, $"${length}\r\n").Append(letter, length).Append("\r\n");
    }

    private static unsafe void Take(ReplyWriter writer, StringBuilder taken, long bytes)
    {
        var left = bytes;
        for (var block = writer.Front; block is not null && left > 0; block = block.Next)
        {
            var here = (int)Math.Min(left, block.End - block.Start);
            taken.Append(Encoding.Latin1.GetString(block.Memory + block.Start, here));
            left -= here;
        }

        writer.Consume(bytes);
    }

    private void Expect(string resp2, string resp3, Action<ReplyWriter> write)
    {
        foreach (var (protocol, expected) in new[] { (2, resp2), (3, resp3) })
        {
            var writer = new ReplyWriter(_blocks) { Protocol = protocol };
            write(writer);
            Assert.Equal(expected, Encoding.Latin1.GetString(writer.ToArray()));
            writer.Clear();
        }
    }
}
