namespace Groundwork.Broker.Groups.Membership;

/// <summary>How long a member may be silent, or how long an id that was given out may stay unused.</summary>
/// <param name="memberId">Whose it is.</param>
internal sealed class Session(string memberId) : Deadline
{
    /// <summary>Whose it is.</summary>
    public string MemberId => memberId;
}
