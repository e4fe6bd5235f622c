namespace Groundwork.Cache.Resp;

/// <summary>The errors that many commands share, in Redis's words: clients match on them.</summary>
internal static class ReplyErrors
{
    public static void WrongType(this ReplyWriter reply) => reply.Error("WRONGTYPE Operation against a key holding the wrong kind of value"u8);

    public static void SyntaxError(this ReplyWriter reply) => reply.Error("ERR syntax error"u8);

    public static void NotAnInteger(this ReplyWriter reply) => reply.Error("ERR value is not an integer or out of range"u8);

    public static void NotAFloat(this ReplyWriter reply) => reply.Error("ERR value is not a valid float"u8);

    public static void NoSuchKey(this ReplyWriter reply) => reply.Error("ERR no such key"u8);

    public static void IndexOutOfRange(this ReplyWriter reply) => reply.Error("ERR index out of range"u8);

    public static void OutOfMemory(this ReplyWriter reply) => reply.Error("OOM command not allowed when used memory > 'maxmemory'."u8);

    public static void NoAuth(this ReplyWriter reply) => reply.Error("NOAUTH Authentication required."u8);

    public static void TooLong(this ReplyWriter reply) => reply.Error("ERR string exceeds maximum allowed size (proto-max-bulk-len)"u8);

    public static void Overflow(this ReplyWriter reply) => reply.Error("ERR increment or decrement would overflow"u8);

    public static void KeyTooLong(this ReplyWriter reply) => reply.Error("ERR the key is longer than 8192 bytes; use a shorter one, or a hash of it"u8);

    public static void SameObject(this ReplyWriter reply) => reply.Error("ERR source and destination objects are the same"u8);

    public static void NegativeTimeout(this ReplyWriter reply) => reply.Error("ERR timeout is negative"u8);

    public static void NotATimeout(this ReplyWriter reply) => reply.Error("ERR timeout is not a float or out of range"u8);

    /// <param name="command">The command's full name, in lower case.</param>
    public static void WrongArity(this ReplyWriter reply, string command) =>
        reply.Error($"ERR wrong number of arguments for '{command}' command");
}
