using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Groups.Membership;

/// <summary>Where a group's state is written down.</summary>
internal interface IGroupJournal
{
    /// <summary>Begins to write a group's state, after all that was begun before.</summary>
    /// <param name="snapshot">The state.</param>
    /// <param name="written">Called once, when it is durable or has failed; later, and never out of this call.</param>
    void Write(GroupSnapshot snapshot, Action<ErrorCode, Moment> written);
}
