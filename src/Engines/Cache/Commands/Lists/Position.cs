using Groundwork.Cache.Packed;
using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Lists;

/// <summary>
/// LPOS key element [RANK rank] [COUNT matches] [MAXLEN length]: from the end where the rank is negative; all matches where their
/// count is zero, and as far as it takes where the length is.
/// </summary>
internal static class Position
{
    public static void Run(Call call)
    {
        if (!TryOptions(call, out var options))
            return;
        if (!call.TryReadList(out var list))
            return;
        if (options.Count < 0)
            First(call, list, options);
        else
            Many(call, list, options);
    }

    private static void First(Call call, in ListView list, Options options)
    {
        var walk = new Walk(list, options);
        if (list.Count > 0 && walk.TryNext(new ItemText(call[2]), out var index))
            call.Reply.Integer(index);
        else
            call.Reply.Null();
    }

    private static void Many(Call call, in ListView list, Options options)
    {
        var text = new ItemText(call[2]);
        var walk = new Walk(list, options);
        var found = 0L;
        var begun = call.Reply.BeginArray();
        while ((options.Count == 0 || found < options.Count) && walk.TryNext(text, out var index))
        {
            call.Reply.Integer(index);
            found++;
        }

        call.Reply.EndArray(begun, found);
    }

    private static bool TryOptions(Call call, out Options options)
    {
        options = new Options { Rank = 1, Count = -1 };
        for (var i = 3; i < call.Count; i += 2)
        {
            if (i + 1 == call.Count)
            {
                call.Reply.SyntaxError();
                return false;
            }

            if (call.Is(i, "rank"u8))
            {
                if (!call.TryInteger(i + 1, out options.Rank))
                    return false;
                if (options.Rank is 0 or long.MinValue)
                {
                    call.Reply.Error(options.Rank == 0
                        ? "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list"u8
                        : "ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807"u8);
                    return false;
                }
            }
            else if (call.Is(i, "count"u8))
            {
                if (!TryNatural(call, i + 1, "ERR COUNT can't be negative"u8, out options.Count))
                    return false;
            }
            else if (!call.Is(i, "maxlen"u8))
            {
                call.Reply.SyntaxError();
                return false;
            }
            else if (!TryNatural(call, i + 1, "ERR MAXLEN can't be negative"u8, out options.MaxLength))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryNatural(Call call, int argument, ReadOnlySpan<byte> error, out long number)
    {
        if (IntegerText.TryParse(call[argument], out number) && number >= 0)
            return true;
        call.Reply.Error(error);
        return false;
    }

    private struct Options
    {
        // -1 where it is not asked for.
        public long Count;
        public long Rank;
        public long MaxLength;
    }

    private struct Walk
    {
        private readonly ListView _list;
        private readonly bool _back;
        private ItemCursor _cursor;
        private long _seen;
        private long _left;
        private long _skipped;

        public Walk(in ListView list, Options options)
        {
            (_list, _back) = (list, options.Rank < 0);
            _skipped = Math.Abs(options.Rank) - 1;
            _left = options.MaxLength == 0 ? list.Count : Math.Min(options.MaxLength, list.Count);
            if (_left > 0)
                _cursor = list.From(_back ? list.Count - 1 : 0);
        }

        public bool TryNext(in ItemText text, out long index)
        {
            while (_left > 0)
            {
                var matches = _cursor.Current.Item.Is(text, _list.Chunks);
                index = _back ? _list.Count - 1 - _seen : _seen;
                _seen++;
                _left--;
                if (_back)
                    _cursor.MovePrevious();
                else
                    _cursor.MoveNext();
                if (matches && _skipped-- <= 0)
                    return true;
            }

            index = -1;
            return false;
        }
    }
}
