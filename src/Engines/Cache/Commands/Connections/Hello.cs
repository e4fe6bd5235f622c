using System.Text;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands.Connections;

/// <summary>HELLO [version [AUTH username password] [SETNAME name]].</summary>
internal static class Hello
{
    public static void Run(Call call)
    {
        var version = call.Client.Protocol;
        var name = call.Client.Name;
        if (call.Count > 1)
        {
            if (!IntegerText.TryParse(call[1], out var asked))
            {
                call.Reply.Error("ERR Protocol version is not an integer or out of range"u8);
                return;
            }

            if (asked is not (2 or 3))
            {
                call.Reply.Error("NOPROTO unsupported protocol version"u8);
                return;
            }

            version = (int)asked;
        }

        for (var i = 2; i < call.Count;)
        {
            if (call.Is(i, "auth"u8) && i + 2 < call.Count)
            {
                if (!Auth.TryAuthenticate(call, call[i + 1], call[i + 2]))
                    return;
                i += 3;
            }
            else if (call.Is(i, "setname"u8) && i + 1 < call.Count)
            {
                if (!ClientName.TryRead(call, i + 1, out name))
                    return;
                i += 2;
            }
            else
            {
                call.Reply.Error($"ERR Syntax error in HELLO option '{Encoding.Latin1.GetString(call[i])}'");
                return;
            }
        }

        if (!call.Client.IsAuthenticated)
        {
            call.Reply.Error("NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time"u8);
            return;
        }

        call.Client.Name = name;
        call.Client.Protocol = call.Reply.Protocol = version;
        Describe(call);
    }

    private static void Describe(Call call)
    {
        var reply = call.Reply;
        reply.MapHeader(7);
        reply.Bulk("server"u8);
        reply.Bulk("redis"u8);
        reply.Bulk("version"u8);
        reply.Bulk(CacheVersion.Redis);
        reply.Bulk("proto"u8);
        reply.Integer(call.Client.Protocol);
        reply.Bulk("id"u8);
        reply.Integer(call.Client.Connection.Id);
        reply.Bulk("mode"u8);
        reply.Bulk(call.Engine.Cluster.IsOn ? "cluster"u8 : "standalone"u8);
        reply.Bulk("role"u8);
        reply.Bulk(call.Engine.Cluster.IsReplica ? "replica"u8 : "master"u8);
        reply.Bulk("modules"u8);
        reply.ArrayHeader(0);
    }
}
