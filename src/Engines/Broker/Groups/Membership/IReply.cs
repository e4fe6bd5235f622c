namespace Groundwork.Broker.Groups.Membership;

/// <summary>Where the answer to one call goes. It is given once, at once or later; a caller that is gone gets none.</summary>
internal interface IReply<in TAnswer>
{
    /// <summary>Hands the answer over. Must return promptly and call nothing of the group: it runs in the middle of a change.</summary>
    void Give(TAnswer answer);
}
