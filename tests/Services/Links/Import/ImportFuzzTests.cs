using System.Text;
using System.Text.Json;
using CsCheck;
using Groundwork.Testing;

namespace Groundwork.Links.Tests.Import;

/// <summary>
/// Whatever is sent as an import and wherever it breaks off, nothing is a fault of ours, nothing is stored by half, and each row
/// that got a code is there.
/// </summary>
public sealed class ImportFuzzTests : LinksTests
{
    private static readonly Gen<string> Field = Gen.OneOf(
        Gen.OneOf("", "a", "\"", "\"a", "a\"", "\"a\"b", "\"a\"\"b\"", "\"a\nb\"", "\"a\r\nb\"", "\0", "\uFEFF", "é", "\ud83d\ude00", "60", "-1", "301", "true", "x;y", "2030-01-01T00:00:00Z"),
        Gen.Int[60_000, 140_000].Select(length => new string('x', length)),
        Gen.Int[60_000, 140_000].Select(length => "\"" + new string('\n', length)));

    private static readonly Gen<string> CsvRow = Gen.Select(Gen.Int[0, 1 << 30], Gen.Int[0, 9], Field, Field, (number, damage, one, other) => damage switch
    {
        < 6 => $"https://example.org/{number},,x;y",
        6 => $"https://example.org/{number},{one},{other}",
        7 => $"{one},{other}",
        8 => $"https://example.org/{number}{one},,",
        _ => $"{one},,{other},,,",
    });

    private static readonly Gen<string> JsonRow = Gen.Select(Gen.Int[0, 1 << 30], Gen.Int[0, 9], Field, (number, damage, field) => damage switch
    {
        < 6 => $$"""{"long_url":"https://example.org/{{number}}","tags":["x","y"]}""",
        6 => $$"""{"long_url":"https://example.org/{{number}}","tags":["x",{{field}}],"long_url":null}""",
        7 => $$"""{"long_url":"https://example.org/{{number}}","title":{{field}}}""",
        8 => $$"""{"long_url":"https://example.org/{{number}}","title":"{{field}}"}""",
        _ => field,
    });

    private static readonly Gen<string> LineEnd = Gen.OneOf("\n", "\n", "\r\n", "\r", "\n\n", "\0\n", "");

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.Select(Gen.OneOf("long_url,custom_alias,tags", "long_url,custom_alias,tags", "\uFEFFlong_url,custom_alias,tags", "\"long_url\",custom_alias,\"tags\"", "long_url", "tags\"", ""), CsvRow.Array[0, 12], LineEnd.Array[13],
            (header, rows, ends) => header + string.Concat(rows.Select((row, i) => ends[i] + row)) + ends[12]),
        Gen.Select(JsonRow.Array[0, 12], LineEnd.Array[12], (rows, ends) => string.Concat(rows.Select((row, i) => row + ends[i]))));

    private static readonly Gen<byte[]> File = Gen.Select(Text, Gen.Int[0, 11], Gen.Int[0, 1 << 20], Gen.Byte, (text, damage, at, value) =>
    {
        Encoding[] encodings = [Encoding.Latin1, Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32];
        var bytes = damage < encodings.Length ? encodings[damage].GetBytes(text) : Encoding.UTF8.GetBytes(text);
        if (bytes.Length > 0 && damage is 4 or 5)
            bytes[at % bytes.Length] = value;
        return damage == 6 ? bytes[..(at % (bytes.Length + 1))] : bytes;
    });

    private static readonly Gen<string> Type = Gen.OneOf(
        "text/csv", "text/csv", "text/csv", "application/x-ndjson", "application/x-ndjson", "application/x-ndjson", "TEXT/CSV; charset=\"utf-8\"",
        "text/csv; charset=utf-16", "application/json", "multipart/form-data; boundary=x", "text/csv;;", "");

    // With whether it ends before, or goes on after where it said that it would end.
    private static readonly Gen<(byte[] Bytes, bool IsCut, bool HasMore)> Request = Gen.Select(Type, File, Gen.Int[0, 11], Gen.Int[1, 1 << 20], (type, file, way, at) => way switch
    {
        0 => (Plain(type, file, file.Length + at), true, false),
        1 => (Cut(Chunked(type, file, 1 + (at % 3000)), at), true, false),
        2 => (Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(Chunked(type, file, 1 + (at % 300))).Replace("1\r\n", "zz\r\n", StringComparison.Ordinal)), true, false),
        3 => (Plain(type, file, at % (file.Length + 1)), false, true),
        4 => (Plain($"{type}\r\nExpect: 100-continue", file, file.Length), false, false),
        5 => (Plain($"{type}\r\nContent-Encoding: gzip", file, file.Length), false, false),
        < 9 => (Chunked(type, file, 1 + (at % 3000)), false, false),
        _ => (Plain(type, file, file.Length), false, false),
    });

    [Fact]
    public async Task No_file_makes_a_fault_and_each_row_that_got_a_code_is_there()
    {
        await Request.SampleAsync(
            async request =>
            {
                var answer = await SendAsync(request.Bytes, request.IsCut);
                // What was sent but never read makes TCP throw away what is still on its way back.
                if (RawHttp.StatusOf(answer) == 200 && (!request.HasMore || RawHttp.IsWhole(answer)))
                    await CodesAsync(answer);
                return RawHttp.StatusOf(answer) is not >= 500;
            },
            iter: 300, threads: 2, print: request => JsonSerializer.Serialize(Encoding.Latin1.GetString(request.Bytes.AsSpan(0, Math.Min(2000, request.Bytes.Length)))));

        Assert.NotEqual(0, await CountWholeAsync("limit=1000"));
        await Links.CodeAsync(new { long_url = "https://example.org/new" });
    }

    [Fact]
    public async Task An_import_that_is_cut_anywhere_and_sent_again_makes_every_link_once()
    {
        var runs = 0;
        await Gen.Select(Gen.Int[1, 300], Gen.Bool, Gen.Int[1, 1 << 20]).SampleAsync(
            async (rows, isCsv, at) =>
            {
                var owner = $"run-{Interlocked.Increment(ref runs)}";
                var file = Encoding.ASCII.GetBytes(isCsv
                    ? "long_url,owner,tags\n" + string.Concat(Enumerable.Range(0, rows).Select(i => $"https://example.org/{i},{owner},x;y\n"))
                    : string.Concat(Enumerable.Range(0, rows).Select(i => $$"""{"long_url":"https://example.org/{{i}}","owner":"{{owner}}","tags":["x","y"]}""" + "\n")));
                var type = isCsv ? "text/csv" : "application/x-ndjson";

                var broken = await SendAsync(Cut(Chunked(type, file, 1 + (at % 5000)), at), isCut: true);
                Assert.NotEqual(200, RawHttp.StatusOf(broken));
                var codes = await CodesAsync(await SendAsync(Plain(type, file, file.Length), isCut: false));

                Assert.Equal(rows, codes.Distinct().Count());
                Assert.Equal(rows, await CountWholeAsync($"owner={owner}&tag=x&limit=1000"));
            },
            iter: 100, threads: 2);
    }

    private static byte[] Plain(string type, byte[] file, int length) =>
        [.. Encoding.Latin1.GetBytes($"POST /v1/urls:import HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: {type}\r\nContent-Length: {length}\r\n\r\n"), .. file];

    private static byte[] Chunked(string type, byte[] file, int size)
    {
        var request = new MemoryStream();
        request.Write(Encoding.Latin1.GetBytes($"POST /v1/urls:import HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: {type}\r\nTransfer-Encoding: chunked\r\n\r\n"));
        foreach (var chunk in file.Chunk(size))
        {
            request.Write(Encoding.Latin1.GetBytes($"{chunk.Length:x}\r\n"));
            request.Write(chunk);
            request.Write("\r\n"u8);
        }

        request.Write("0\r\n\r\n"u8);
        return request.ToArray();
    }

    // Somewhere before the last chunk, which says that this was all.
    private static byte[] Cut(byte[] chunked, int at) => chunked[..(at % (chunked.Length - "0\r\n\r\n".Length))];

    // Once there is room: those that were cut off may still be ending.
    private async Task<string> SendAsync(byte[] request, bool isCut)
    {
        string answer;
        do
            answer = await RawHttp.SendAsync(Links.EndPoint, request, hangsUp: isCut, Cancellation);
        while (RawHttp.StatusOf(answer) == 503 && answer.Contains("imports are running", StringComparison.Ordinal));
        return answer;
    }

    // The codes that rows got; each leads where its link says.
    private async Task<List<string>> CodesAsync(string answer)
    {
        var lines = RawHttp.BodyOf(answer).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).ToList();
        var summary = lines[^1].GetProperty("summary");
        Assert.Equal(lines.Count - 1, summary.GetProperty("rows").GetInt32());
        var codes = lines.Where(line => line.TryGetProperty("code", out _)).Select(LinksClient.CodeOf).ToList();
        Assert.Equal(codes.Count, summary.GetProperty("created").GetInt32() + summary.GetProperty("existing").GetInt32());
        Assert.Equal(lines.Count - 1 - codes.Count, summary.GetProperty("failed").GetInt32());
        foreach (var code in codes)
            Assert.Equal((await Links.LinkAsync(code)).GetProperty("long_url").GetString(), await Links.LocationAsync(code));
        return codes;
    }

    // How many links a listing has; each leads where it says.
    private async Task<int> CountWholeAsync(string query)
    {
        var count = 0;
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await LinksClient.ReadAsync(await Links.ListAsync(query + (cursor.Length > 0 ? $"&cursor={cursor}" : "")));
            foreach (var link in page.GetProperty("items").EnumerateArray())
            {
                count++;
                Assert.Equal(link.GetProperty("long_url").GetString(), await Links.LocationAsync(LinksClient.CodeOf(link)));
            }

            cursor = page.TryGetProperty("next_cursor", out var next) ? next.GetString() : null;
        }

        return count;
    }
}
