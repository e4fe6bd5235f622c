using Groundwork.Cache.Memory;
using Groundwork.Cache.Packed;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands;

/// <summary>Stored items as answers.</summary>
internal static class ItemReplies
{
    /// <summary>A string that is an item's bytes.</summary>
    public static void Bulk(this ReplyWriter reply, PackedItem item, Chunks chunks)
    {
        if (item.IsNumber)
            reply.BulkInteger(item.Number);
        else
            item.CopyTo(chunks, reply.BulkReserve(item.Length));
    }
}
