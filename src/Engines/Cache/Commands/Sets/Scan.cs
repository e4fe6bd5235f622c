using Groundwork.Cache.Packed;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Sets;

/// <summary>
/// SSCAN key cursor [MATCH pattern] [COUNT count]: what is there from the first call to the last is shown; what comes or goes in
/// between may be.
/// </summary>
internal static class Scan
{
    public static void Run(Call call)
    {
        if (!ElementScan.TryCursor(call, out var cursor) || !call.TryReadSet(1, out var set))
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

    private struct Shown(Call call, SetView set, int pattern) : ISetVisitor
    {
        public long Count;

        public void Visit(SetMember member)
        {
            if (pattern > 0 && !Matches(member))
                return;
            call.Reply.Bulk(member, set.Chunks);
            Count++;
        }

        private readonly bool Matches(SetMember member)
        {
            Span<byte> scratch = stackalloc byte[PackedItem.ScratchBytes];
            using var texts = new MemberTexts(set.Chunks, scratch);
            return Glob.Matches(call[pattern], texts.Of(member));
        }
    }
}
