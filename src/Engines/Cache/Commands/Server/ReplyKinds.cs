using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands.Server;

/// <summary>DEBUG PROTOCOL type: an answer of each type that the protocol has, for those who write clients.</summary>
internal static class ReplyKinds
{
    private const string Names = "string|integer|double|bignum|null|array|set|map|attrib|push|verbatim|true|false";

    /// <summary>Answers with the type that an argument names.</summary>
    public static void Show(Call call, int argument)
    {
        var reply = call.Reply;
        switch (System.Text.Encoding.Latin1.GetString(call[argument]).ToLowerInvariant())
        {
            case "string":
                reply.Bulk("Hello World"u8);
                break;
            case "integer":
                reply.Integer(12345);
                break;
            case "double":
                reply.Double(3.141);
                break;
            case "bignum":
                reply.BigNumber("1234567999999999999999999999999999999"u8);
                break;
            case "null":
                reply.Null();
                break;
            case "array":
                reply.ArrayHeader(3);
                Count(reply);
                break;
            case "set":
                reply.SetHeader(3);
                Count(reply);
                break;
            case "map":
                Map(reply);
                break;
            case "attrib":
                Attribute(reply);
                break;
            case "push":
                Push(reply);
                break;
            case "verbatim":
                reply.Verbatim("txt"u8, "This is a verbatim\nstring"u8);
                break;
            case "true":
                reply.Boolean(true);
                break;
            case "false":
                reply.Boolean(false);
                break;
            default:
                reply.Error($"ERR Wrong protocol type name. Please use one of the following: {Names}");
                break;
        }
    }

    private static void Count(ReplyWriter reply)
    {
        for (var i = 0; i < 3; i++)
            reply.Integer(i);
    }

    private static void Map(ReplyWriter reply)
    {
        reply.MapHeader(3);
        for (var i = 0; i < 3; i++)
        {
            reply.Integer(i);
            reply.Boolean(i == 1);
        }
    }

    // An attribute and a message are no answers: one follows.
    private static void Attribute(ReplyWriter reply)
    {
        if (reply.Protocol >= 3)
        {
            reply.AttributeHeader(1);
            reply.Bulk("key-popularity"u8);
            reply.ArrayHeader(2);
            reply.Bulk("key:123"u8);
            reply.Integer(90);
        }

        reply.Bulk("Some real reply following the attribute"u8);
    }

    private static void Push(ReplyWriter reply)
    {
        if (reply.Protocol < 3)
        {
            reply.Error("ERR RESP2 is not supported by this command"u8);
            return;
        }

        reply.PushHeader(2);
        reply.Bulk("server-cpu-usage"u8);
        reply.Integer(42);
        reply.Bulk("Some real reply following the push reply"u8);
    }
}
