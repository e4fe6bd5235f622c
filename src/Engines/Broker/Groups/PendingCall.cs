using Groundwork.Broker.Groups.Membership;

namespace Groundwork.Broker.Groups;

/// <summary>A call that may be answered later. What awaits it goes on elsewhere than in the group's turn.</summary>
internal sealed class PendingCall<TAnswer>() : TaskCompletionSource<TAnswer>(TaskCreationOptions.RunContinuationsAsynchronously), IReply<TAnswer>
{
    /// <inheritdoc/>
    public void Give(TAnswer answer) => TrySetResult(answer);
}
