using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Sets;

/// <summary>Takes the members of a result, one after another.</summary>
internal interface IMemberSink
{
    /// <summary>Takes one.</summary>
    /// <returns>Whether it wants more.</returns>
    bool Take(ReadOnlySpan<byte> member);
}

/// <summary>Writes members as the answer.</summary>
internal struct AnsweredMembers(ReplyWriter reply) : IMemberSink
{
    /// <summary>How many there were.</summary>
    public long Count;

    public bool Take(ReadOnlySpan<byte> member)
    {
        reply.Bulk(member);
        Count++;
        return true;
    }
}

/// <summary>Counts members up to a limit.</summary>
internal struct CountedMembers(long limit) : IMemberSink
{
    /// <summary>How many there were.</summary>
    public long Count;

    public bool Take(ReadOnlySpan<byte> member) => ++Count < limit;
}

/// <summary>Makes a set of members.</summary>
internal readonly struct StoredMembers(SetBuilder result) : IMemberSink
{
    public bool Take(ReadOnlySpan<byte> member)
    {
        result.Add(member);
        return true;
    }
}
