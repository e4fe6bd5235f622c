using Groundwork.Cache.Packed;
using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.SortedSets;

/// <summary>
/// ZSCAN key cursor [MATCH pattern] [COUNT count]: what is there from the first call to the last is shown; what comes or goes in
/// between may be.
/// </summary>
internal static class Scan
{
    public static void Run(Call call)
    {
        if (!ElementScan.TryCursor(call, out var cursor) || !call.TryReadSortedSet(1, out var set))
            return;
        if (set.IsEmpty)
        {
            ElementScan.Nothing(call);
            return;
        }

        if (!ElementScan.TryRead(call, out var scan))
            return;
        var shown = new Shown(call, set, scan.Pattern);
        call.Reply.ArrayHeader(2);
        var begun = call.Reply.BeginBulkInteger();
        var elements = call.Reply.BeginArray();
        cursor = set.Scan(cursor, scan.Count, ref shown);
        call.Reply.EndArray(elements, shown.Count);
        call.Reply.EndBulkInteger(begun, (long)cursor);
    }

    private struct Shown(Call call, SortedSetView set, int pattern) : IScoredVisitor
    {
        public long Count;

        public void Visit(PackedItem member, double score)
        {
            if (pattern > 0 && !Matches(member))
                return;
            call.Reply.Bulk(member, set.Chunks);

            // Text, whatever the protocol.
            Span<byte> text = stackalloc byte[DoubleText.MaxBytes];
            call.Reply.Bulk(text[..DoubleText.Format(score, text)]);
            Count += 2;
        }

        private readonly bool Matches(PackedItem member)
        {
            using var items = new ItemBytes(set.Chunks);
            return Glob.Matches(call[pattern], items.Of(member));
        }
    }
}
