using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using CsCheck;
using Groundwork.Links.Import;

namespace Groundwork.Links.Tests.Import;

public sealed class RecordReaderTests
{
    private static readonly Gen<string> Field = Gen.OneOf<string>(
    [
        Gen.OneOf("", ",", "\"", "\n", "\r\n", "\r", "a\"b", "\"\"", "é", "🦊", " spaced "),
        Gen.String[Gen.OneOf<char>([Gen.Char.AlphaNumeric, Gen.OneOf(',', '"', '\n', '\r', ';', 'ü')]), 0, 12],
    ]);

    private static readonly Gen<string[][]> Table = Gen.Int[1, 5].SelectMany(width => Field.Array[width].Array[0, 8]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void What_was_written_as_csv_is_read_however_it_is_cut() => Gen.Select(Table, Gen.Bool, Gen.Int[1, 40]).Sample(
        (table, crlf, chunk) =>
        {
            var text = string.Concat(table.Select(row => string.Join(',', row.Select(Write)) + (crlf ? "\r\n" : "\n")));
            var read = Read(Encoding.UTF8.GetBytes(text), quoted: true, chunk);
            Assert.Equal(table, read.Select(r => Fields(r.Bytes)));
            Assert.All(read, r => Assert.Equal(RecordFault.None, r.Fault));
        },
        iter: 2000);

    [Fact]
    public void Any_bytes_are_read_the_same_however_they_are_cut() =>
        Gen.Select(Gen.OneOf((byte)'"', (byte)',', (byte)'\n', (byte)'\r', (byte)'a').Array[0, 60], Gen.Bool, Gen.Int[1, 20]).Sample(
            (bytes, quoted, chunk) => Assert.Equal(Show(Read(bytes, quoted, bytes.Length + 1)), Show(Read(bytes, quoted, chunk))), iter: 5000);

    [Theory]
    [InlineData("a\nb\n", "1:a|2:b")]
    [InlineData("a\nb", "1:a|2:b")]
    [InlineData("a\r\nb\r\n", "1:a|2:b")]
    [InlineData("a\r", "1:a")]
    [InlineData("", "")]
    [InlineData("\n\n", "1:|2:")]
    [InlineData("\uFEFFa\n", "1:a")]
    [InlineData("\uFEFF\"a\nb\"\nc", "1:\"a\nb\"|3:c")]
    [InlineData("\"a\"\"\n\",b\nc", "1:\"a\"\"\n\",b|3:c")]
    [InlineData("\"a\"\r\nb", "1:\"a\"|2:b")]
    public void Records_end_with_their_line_unless_a_quote_is_open(string text, string expected)
    {
        foreach (var chunk in new[] { 1, 2, 3, 1000 })
            Assert.Equal(expected, Show(Read(Encoding.UTF8.GetBytes(text), quoted: true, chunk)));
    }

    [Theory]
    [InlineData("a\"b,\"c\nd", "1:a\"b,\"c|2:d")]
    [InlineData("\"a\" ,\"\nd", "1:\"a\" ,\"|2:d")]
    [InlineData("\"a\"b,\"c\nd", "1:\"a\"b,\"c|2:d")]
    [InlineData("a\n\"b\nc\nd\n", "1:a|2!UnclosedQuote:\"b|3:c|4:d")]
    [InlineData("a\n\"b", "1:a|2!UnclosedQuote:\"b")]
    public void A_stray_quote_spoils_its_own_line_only(string text, string expected)
    {
        foreach (var chunk in new[] { 1, 2, 1000 })
            Assert.Equal(expected, Show(Read(Encoding.UTF8.GetBytes(text), quoted: true, chunk)));
    }

    [Theory]
    [InlineData(RecordReader.MaxBytes, true)]
    [InlineData(RecordReader.MaxBytes + 1, false)]
    [InlineData((3 * RecordReader.MaxBytes) + 7, false)]
    public void A_record_that_is_too_long_is_passed_over(int length, bool fits)
    {
        var text = Encoding.UTF8.GetBytes($"a\n{new string('x', length)}\nb\n");
        foreach (var quoted in new[] { true, false })
        {
            foreach (var chunk in new[] { 1000, 4096, text.Length })
            {
                var read = Read(text, quoted, chunk);
                Assert.Equal([1, 2, 3], read.Select(r => r.Line));
                Assert.Equal([RecordFault.None, fits ? RecordFault.None : RecordFault.TooLong, RecordFault.None], read.Select(r => r.Fault));
                Assert.Equal(fits ? length : 0, read[1].Bytes.Length);
                Assert.Equal("b", Encoding.UTF8.GetString(read[2].Bytes));
            }
        }
    }

    [Fact]
    public async Task A_body_that_is_there_as_a_whole_is_read_to_its_end()
    {
        for (var lines = 8_000; lines < 24_000; lines += 487)
        {
            var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
            for (var i = 0; i < lines; i++)
                pipe.Writer.Write("12345678,\n"u8);
            await pipe.Writer.CompleteAsync();

            var reader = new RecordReader(pipe.Reader, quoted: true);
            var read = 0;
            while (await reader.ReadAsync(Cancellation))
                read += reader.Record.Length == 9 ? 1 : 1_000_000;
            Assert.Equal(lines, read);
        }
    }

    [Fact]
    public void A_quote_that_is_never_closed_gives_up_its_line_and_no_other()
    {
        var lines = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"line {i}\n"));
        var read = Read(Encoding.UTF8.GetBytes($"a\n\"open\n{lines}"), quoted: true, 4096);

        Assert.Equal(20_002, read.Count);
        Assert.Equal((2, RecordFault.UnclosedQuote, "\"open"), (read[1].Line, read[1].Fault, Encoding.UTF8.GetString(read[1].Bytes)));
        Assert.Equal("line 0", Encoding.UTF8.GetString(read[2].Bytes));
        Assert.Equal(20_002, read[^1].Line);
    }

    [Fact]
    public void Lines_are_counted_through_a_record_that_is_too_long()
    {
        var read = Read(Encoding.UTF8.GetBytes($"\"a\nb\",{new string('x', 2 * RecordReader.MaxBytes)}\nc\n"), quoted: true, 4096);

        Assert.Equal([(1, RecordFault.TooLong), (3, RecordFault.None)], read.Select(r => ((int)r.Line, r.Fault)));
    }

    [Theory]
    [InlineData("a\"")]
    [InlineData("\"a\"b")]
    [InlineData("\"a")]
    [InlineData("\"")]
    [InlineData("b,\"a\"\"")]
    [InlineData("\"a\" ,b")]
    public void Quotes_where_none_may_stand_are_refused(string record) => Assert.False(CsvFields.TryRead(Encoding.UTF8.GetBytes(record), []));

    private static string Write(string field) =>
        field.Length == 0 || field.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;

    private static string[] Fields(byte[] record)
    {
        var fields = new List<string>();
        Assert.True(CsvFields.TryRead(record, fields));
        return [.. fields];
    }

    private static string Show(IEnumerable<(long Line, RecordFault Fault, byte[] Bytes)> records) => string.Join('|', records.Select(r =>
        $"{r.Line}{(r.Fault == RecordFault.None ? "" : $"!{r.Fault}")}:{Encoding.UTF8.GetString(r.Bytes)}"));

    // Everything is there before the reading begins, so nothing is ever waited for.
    private static List<(long Line, RecordFault Fault, byte[] Bytes)> Read(byte[] body, bool quoted, int chunk)
    {
        var reader = new RecordReader(PipeReader.Create(new Chunks(body, chunk), new StreamPipeReaderOptions(bufferSize: Math.Max(chunk, 16))), quoted);
        var read = new List<(long, RecordFault, byte[])>();
        while (Next(reader))
            read.Add((reader.Line, reader.Fault, reader.Record.ToArray()));
        return read;
    }

    private static bool Next(RecordReader reader)
    {
        var next = reader.ReadAsync(Cancellation).AsTask();
        Assert.True(next.IsCompletedSuccessfully);
        return next.Result;
    }

    private sealed class Chunks(byte[] body, int chunk) : MemoryStream(body)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(chunk, buffer.Length)], cancellationToken);
    }
}
