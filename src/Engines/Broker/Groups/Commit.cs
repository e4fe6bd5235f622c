using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Groups.Offsets;
using Groundwork.Broker.Groups.Storage;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Groups;

/// <summary>A commit that is under way: one object for what is written, what follows, and who waits. Under its group's lock.</summary>
/// <param name="call">What was asked.</param>
/// <param name="errors">What is wrong with each offset; those with nothing are written.</param>
/// <param name="nowUnixMs">The time.</param>
/// <param name="offsets">The group's offsets.</param>
internal sealed class Commit(CommitCall call, ErrorCode[] errors, long nowUnixMs, GroupOffsets offsets)
    : TaskCompletionSource<ErrorCode[]>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private readonly long _expiresAt = call.RetentionMs >= 0 ? nowUnixMs + call.RetentionMs : -1;

    /// <summary>Makes the records.</summary>
    public void Begin(Span<GroupRecord> records)
    {
        var at = 0;
        for (var i = 0; i < errors.Length; i++)
        {
            if (errors[i] != ErrorCode.None)
                continue;
            var partition = call.Offsets[i].Partition;
            offsets.Begin(partition);
            records[at++] = GroupRecords.Offset(call.Group, partition, Committed(i));
        }
    }

    /// <summary>The records are durable, or have failed.</summary>
    public void End(ErrorCode outcome, Moment now)
    {
        for (var i = 0; i < errors.Length; i++)
        {
            if (errors[i] != ErrorCode.None)
                continue;
            if (outcome == ErrorCode.None)
                offsets.Commit(call.Offsets[i].Partition, Committed(i));
            else
                offsets.Fail(call.Offsets[i].Partition);
            errors[i] = outcome;
        }

        TrySetResult(errors);
    }

    private CommittedOffset Committed(int index)
    {
        var offset = call.Offsets[index];
        return new CommittedOffset(offset.Offset, offset.LeaderEpoch, offset.Metadata ?? "", nowUnixMs, _expiresAt);
    }
}
