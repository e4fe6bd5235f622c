using System.Net;
using System.Text;
using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Tests;

/// <summary>A client without a socket: what it asks for is run at once, and answers are text as they go over the wire.</summary>
internal sealed class CacheClient : IClientConnection
{
    private static long _lastId;
    private readonly Session _session;
    private readonly StringBuilder _posted = new();

    public CacheClient(CacheEngine engine)
    {
        _session = new Session(engine, this);
    }

    public long Id { get; } = Interlocked.Increment(ref _lastId);

    public EndPoint? RemoteAddress => null;

    public EndPoint? LocalAddress => null;

    public DateTimeOffset ConnectedAt => _session.Engine.StartedAt;

    public DateTimeOffset LastInteraction => _session.Engine.StartedAt;

    public (int Used, int Room) InputBytes => default;

    public long OutputBytes => 0;

    public long MemoryBytes => 0;

    public bool IsAuthenticated { get; set; }

    public ClientKind Kind { get; set; }

    /// <summary>The most bytes of an answer, as of a connection's output.</summary>
    public long OutputLimit { get; init; } = long.MaxValue;

    public bool IsPaused { get; private set; }

    public bool IsClosed { get; private set; }

    /// <summary>What came without being asked for, or after waiting.</summary>
    public string Posted
    {
        get
        {
            lock (_posted)
                return _posted.ToString();
        }
    }

    /// <summary>Asks for something, its words parted by blanks, and gives the answer with line ends as <c>|</c>, without the last.</summary>
    public string Ask(string line) => Ask(line.Split(' '));

    /// <summary>Asks for several things, parted by <c>; </c>, and gives the last answer.</summary>
    public string AskAll(string lines)
    {
        var last = "";
        foreach (var line in lines.Split("; "))
            last = Ask(line);
        return last;
    }

    public string Ask(params string[] words) => Ask(Arguments.Of(words));

    /// <summary>Asks with words whose characters are bytes each, as they are in answers.</summary>
    public string AskBytes(params string[] words) => Ask(Arguments.Of(Array.ConvertAll(words, Encoding.Latin1.GetBytes)));

    private string Ask(Arguments arguments)
    {
        var reply = ReplyWriter.InMemory(_session.Protocol);
        _session.OnTurn();
        reply.Limit = OutputLimit;
        _session.OnCommand(arguments, reply);
        var answer = Encoding.Latin1.GetString(reply.ToArray()).Replace("\r\n", "|", StringComparison.Ordinal);
        reply.Clear();
        return answer.EndsWith('|') ? answer[..^1] : answer;
    }

    /// <summary>How the value of a key of database 0 is kept.</summary>
    public ValueForm FormOf(string key)
    {
        var name = Encoding.UTF8.GetBytes(key);
        return _session.Engine.Keyspace.ShardOf(name).Find(0, name, _session.Engine.Keyspace.Now).Form;
    }

    public void Pause() => IsPaused = true;

    public void Resume() => IsPaused = false;

    public void CloseAfterReply() => IsClosed = true;

    public bool Post(ReadOnlySpan<byte> bytes)
    {
        lock (_posted)
            _posted.Append(Encoding.Latin1.GetString(bytes).Replace("\r\n", "|", StringComparison.Ordinal));
        return true;
    }

    public void Close(CloseReason reason)
    {
        IsClosed = true;
        _session.OnClosed(reason);
    }
}
