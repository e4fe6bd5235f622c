namespace Groundwork.Cache.Resp;

/// <summary>
/// What stands behind a connection and runs its commands. All calls come on the connection's own thread, one after the
/// other; a command must not wait, for other connections wait with it: one that cannot be answered yet pauses its
/// connection (<see cref="IClientConnection.Pause"/>) and is answered by <see cref="IClientConnection.Post"/>.
/// </summary>
internal abstract unsafe class ClientSession
{
    /// <summary>Commands have come: called before the first of them that are run one after the other without a pause.</summary>
    public virtual void OnTurn()
    {
    }

    /// <summary>Requests have come that are to be run after one another: what they need may be fetched.</summary>
    /// <param name="data">Where the first begins.</param>
    /// <param name="length">How many bytes there are.</param>
    /// <returns>How many were looked at; it is called again after so many have run, and one more.</returns>
    public virtual int OnAhead(byte* data, int length) => 0;

    /// <summary>Runs one command, and writes its reply, if it has one yet.</summary>
    /// <param name="arguments">Valid within this call only.</param>
    /// <param name="reply">The connection's; used within this call only.</param>
    public abstract void OnCommand(Arguments arguments, ReplyWriter reply);

    /// <summary>The connection is gone, whoever ended it; called once, the last call.</summary>
    public abstract void OnClosed(CloseReason reason);
}
