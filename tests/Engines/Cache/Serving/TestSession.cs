using System.Globalization;
using System.Text;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Tests.Serving;

/// <summary>A session whose commands are what connections can do.</summary>
internal sealed class TestSession(IClientConnection connection) : ClientSession
{
    private bool _isHolding;
    private int _commands;
    private int _closed;
    private long _mostOutput;

    public IClientConnection Connection => connection;

    /// <summary>Whether it holds its thread up, until <see cref="Hold"/> is set.</summary>
    public bool IsHolding => Volatile.Read(ref _isHolding);

    public ManualResetEventSlim Hold { get; } = new();

    /// <summary>How many commands it ran.</summary>
    public int Commands => Volatile.Read(ref _commands);

    /// <summary>The most bytes that waited to be sent when a command began.</summary>
    public long MostOutput => Volatile.Read(ref _mostOutput);

    /// <summary>Why it ended, once it has.</summary>
    public CloseReason? Closed => Volatile.Read(ref _closed) is var closed and > 0 ? (CloseReason)(closed - 1) : null;

    public override void OnCommand(Arguments arguments, ReplyWriter reply)
    {
        Volatile.Write(ref _commands, _commands + 1);
        Volatile.Write(ref _mostOutput, Math.Max(_mostOutput, reply.Length));
        switch (Encoding.ASCII.GetString(arguments[0]))
        {
            case "PING":
                reply.Pong();
                break;
            case "ECHO":
                reply.Bulk(arguments[1]);
                break;
            case "BIG":
                reply.BulkReserve(int.Parse(arguments[1], CultureInfo.InvariantCulture)).Fill((byte)'b');
                break;
            case "BLOCK":
                connection.Pause();
                break;
            case "LISTEN":
                connection.Kind = ClientKind.PubSub;
                reply.Ok();
                break;
            case "STRANGER":
                connection.IsAuthenticated = false;
                reply.Ok();
                break;
            case "HOLD":
                Volatile.Write(ref _isHolding, true);
                Assert.True(Hold.Wait(TimeSpan.FromSeconds(30)));
                reply.Ok();
                break;
            case "PUSH":
                connection.Post("+pushed\r\n"u8);
                reply.Ok();
                break;
            case "NOTHING":
                break;
            case "QUIT":
                reply.Ok();
                connection.CloseAfterReply();
                break;
            case "FAIL":
                throw new InvalidOperationException("The command failed.");
            default:
                reply.Error("ERR unknown command");
                break;
        }
    }

    public override void OnClosed(CloseReason reason)
    {
        Assert.Null(Closed);
        Volatile.Write(ref _closed, (int)reason + 1);
    }
}
