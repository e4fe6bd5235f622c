using Groundwork.Cache.Packed;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Hashes;

/// <summary>
/// HSCAN key cursor [MATCH pattern] [COUNT count]: what is there from the first call to the last is shown; what comes or goes in
/// between may be.
/// </summary>
internal static class Scan
{
    public static void Run(Call call)
    {
        if (!ElementScan.TryCursor(call, out var cursor) || !call.TryReadHash(out var hash))
            return;
        if (hash.IsEmpty)
        {
            ElementScan.Nothing(call);
            return;
        }

        if (!ElementScan.TryRead(call, out var scan))
            return;
        var shown = new Shown(call, hash, scan.Pattern);
        call.Reply.ArrayHeader(2);
        var begun = call.Reply.BeginBulkInteger();
        var elements = call.Reply.BeginArray();
        cursor = hash.Scan(cursor, scan.Count, ref shown);
        call.Reply.EndArray(elements, shown.Count);
        call.Reply.EndBulkInteger(begun, (long)cursor);
    }

    private struct Shown(Call call, HashView hash, int pattern) : IHashVisitor
    {
        public long Count;

        public void Visit(HashField field)
        {
            if (pattern > 0 && !Matches(field.Name))
                return;
            call.Reply.Bulk(field.Name, hash.Chunks);
            call.Reply.Bulk(field.Value, hash.Chunks);
            Count += 2;
        }

        private readonly bool Matches(PackedItem field)
        {
            using var items = new ItemBytes(hash.Chunks);
            return Glob.Matches(call[pattern], items.Of(field));
        }
    }
}
