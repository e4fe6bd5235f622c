using System.Buffers;
using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Strings;

/// <summary>
/// LCS key key [LEN | IDX] [MINMATCHLEN length] [WITHMATCHLEN]: the longest common subsequence of two strings, how long it is, or where
/// it stands in both, from the end. A key that is not there is as an empty string.
/// </summary>
internal static class Lcs
{
    // What Redis' own table takes for two strings, which it bounds, so that nobody waits for long.
    private const int RedisCellBytes = sizeof(uint);

    public static void Run(Call call)
    {
        if (!TryLength(call, 1, out var first) || !TryLength(call, 2, out var second))
        {
            call.Reply.Error("ERR The specified keys must contain string values"u8);
            return;
        }

        if (!TryOptions(call, out var options))
            return;
        if ((first + 1) * (second + 1) > Texts.MaxBytes / RedisCellBytes)
        {
            call.Reply.Error("ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len"u8);
            return;
        }

        if (!call.Keyspace.CouldFit(first + second + CommonSubsequence.BytesFor(first, second, walks: !options.Length)))
        {
            call.Reply.Error("ERR Insufficient memory, failed allocating transient memory for LCS"u8);
            return;
        }

        var (one, other) = (ArrayPool<byte>.Shared.Rent((int)first), ArrayPool<byte>.Shared.Rent((int)second));
        Read(call, 1, one.AsSpan(0, (int)first));
        Read(call, 2, other.AsSpan(0, (int)second));
        Answer(call, one.AsSpan(0, (int)first), other.AsSpan(0, (int)second), options);
        ArrayPool<byte>.Shared.Return(one);
        ArrayPool<byte>.Shared.Return(other);
    }

    // Both are looked at before either is read: what was found is good only until another key goes because its time is over.
    private static bool TryLength(Call call, int argument, out long length)
    {
        var key = call.Look(argument);
        var isText = !key.Exists || key.Kind == ValueKind.Text;
        length = key.Exists && isText ? Texts.Length(key.Found) : 0;
        return isText;
    }

    private static void Read(Call call, int argument, Span<byte> text)
    {
        var key = call.Read(argument);
        if (key.Exists)
            Texts.Read(key.Shard, key.Found, 0, text);
    }

    private static void Answer(Call call, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, in Options options)
    {
        var common = new CommonSubsequence(first, second, walks: !options.Length);
        if (options.Length)
        {
            call.Reply.Integer(common.Length);
        }
        else if (options.Places)
        {
            AnswerPlaces(call, common, options);
        }
        else
        {
            var at = common.Length;
            var text = call.Reply.BulkReserve(at);
            while (common.TryNext(out var i, out _))
                text[--at] = first[i];
        }
    }

    private static void AnswerPlaces(Call call, CommonSubsequence common, in Options options)
    {
        call.Reply.MapHeader(2);
        call.Reply.Bulk("matches"u8);
        var matches = call.Reply.BeginArray();
        var (count, length) = (0, 0);
        var (first, second) = (0, 0);
        while (common.TryNext(out var i, out var j))
        {
            if (i + 1 != first || j + 1 != second)
            {
                count += Match(call, first, second, length, options);
                length = 0;
            }

            (first, second) = (i, j);
            length++;
        }

        count += Match(call, first, second, length, options);
        call.Reply.EndArray(matches, count);
        call.Reply.Bulk("len"u8);
        call.Reply.Integer(common.Length);
    }

    // One where it is long enough to be told of.
    private static int Match(Call call, int first, int second, int length, in Options options)
    {
        if (length == 0 || length < options.Shortest)
            return 0;
        call.Reply.ArrayHeader(options.WithLengths ? 3 : 2);
        Between(call, first, length);
        Between(call, second, length);
        if (options.WithLengths)
            call.Reply.Integer(length);
        return 1;
    }

    private static void Between(Call call, int start, int length)
    {
        call.Reply.ArrayHeader(2);
        call.Reply.Integer(start);
        call.Reply.Integer(start + length - 1);
    }

    private static bool TryOptions(Call call, out Options options)
    {
        options = default;
        for (var i = 3; i < call.Count; i++)
        {
            if (call.Is(i, "len"u8))
            {
                options.Length = true;
            }
            else if (call.Is(i, "idx"u8))
            {
                options.Places = true;
            }
            else if (call.Is(i, "withmatchlen"u8))
            {
                options.WithLengths = true;
            }
            else if (call.Is(i, "minmatchlen"u8) && i + 1 < call.Count)
            {
                if (!call.TryInteger(++i, out options.Shortest))
                    return false;
            }
            else
            {
                call.Reply.SyntaxError();
                return false;
            }
        }

        if (!options.Length || !options.Places)
            return true;
        call.Reply.Error("ERR If you want both the length and indexes, please just use IDX."u8);
        return false;
    }

    private struct Options
    {
        public bool Length;
        public bool Places;
        public bool WithLengths;
        public long Shortest;
    }
}
