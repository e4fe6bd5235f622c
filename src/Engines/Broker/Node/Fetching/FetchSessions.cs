using System.Security.Cryptography;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Node.Fetching;

/// <summary>
/// Fetch sessions (KIP-227): a consumer of many partitions names them once, and then only what changed. Bounded: when there are
/// <see cref="MaxSessions"/>, one that was still for two minutes makes room, and where none was the consumer goes on without one.
/// Safe for concurrent callers.
/// </summary>
internal sealed class FetchSessions(TimeProvider time)
{
    /// <summary>How many there are at most.</summary>
    public const int MaxSessions = 1000;

    /// <summary>The epoch with which a session begins.</summary>
    public const int First = 0;

    /// <summary>The epoch that ends a session, or says that none is wanted.</summary>
    public const int Final = -1;

    private static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<int, FetchSession> _sessions = [];

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _sessions.Count;
        }
    }

    /// <summary>A session of its own; null where there is no room for one.</summary>
    public FetchSession? Begin(bool usesIds)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            if (_sessions.Count >= MaxSessions)
            {
                var stillest = _sessions.Values.MinBy(session => session.LastUse)!;
                if (time.GetElapsedTime(stillest.LastUse, now) < IdleTime)
                    return null;
                _ = _sessions.Remove(stillest.Id);
            }

            int id;
            do
                id = RandomNumberGenerator.GetInt32(1, int.MaxValue);
            while (_sessions.ContainsKey(id));
            var begun = new FetchSession(id, usesIds) { LastUse = now };
            _sessions.Add(id, begun);
            return begun;
        }
    }

    /// <summary>The session that a request goes on with; the code says why there is none.</summary>
    public FetchSession? Continue(int id, int epoch, bool usesIds, out ErrorCode code)
    {
        lock (_lock)
        {
            code = ErrorCode.FetchSessionIdNotFound;
            if (!_sessions.TryGetValue(id, out var session))
                return null;
            code = session.UsesIds != usesIds ? ErrorCode.FetchSessionTopicIdError
                : session.NextEpoch != epoch ? ErrorCode.InvalidFetchSessionEpoch : ErrorCode.None;
            if (code != ErrorCode.None)
                return null;
            session.LastUse = time.GetTimestamp();
            session.NextEpoch = epoch == int.MaxValue ? 1 : epoch + 1;
            return session;
        }
    }

    /// <summary>Ends one; one that is not there is no error.</summary>
    public void End(int id)
    {
        lock (_lock)
            _ = _sessions.Remove(id);
    }
}
