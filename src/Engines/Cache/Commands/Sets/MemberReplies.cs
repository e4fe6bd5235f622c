using Groundwork.Cache.Memory;
using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Sets;

/// <summary>Members as answers.</summary>
internal static class MemberReplies
{
    /// <summary>A string that is a member's bytes.</summary>
    public static void Bulk(this ReplyWriter reply, SetMember member, Chunks chunks)
    {
        if (member.IsNumber)
            reply.BulkInteger(member.Number);
        else
            reply.Bulk(member.Item, chunks);
    }

    /// <summary>All members of a set.</summary>
    public static void Set(this ReplyWriter reply, SetView set)
    {
        reply.SetHeader(set.Count);
        foreach (var member in set)
            reply.Bulk(member, set.Chunks);
    }

    /// <summary>All members of a result.</summary>
    public static void Set(this ReplyWriter reply, SetBuilder result)
    {
        reply.SetHeader(result.Count);
        foreach (var entry in result)
            reply.Bulk(entry.Field, result.Chunks);
    }
}
