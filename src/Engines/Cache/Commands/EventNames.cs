using System.Text;

namespace Groundwork.Cache.Commands;

/// <summary>What the changes that commands make are called towards those who are told of them; mostly as the commands themselves.</summary>
internal static class EventNames
{
    private static readonly Dictionary<string, string> Others = new(StringComparer.Ordinal)
    {
        ["setnx"] = "set",
        ["setex"] = "set",
        ["psetex"] = "set",
        ["getset"] = "set",
        ["mset"] = "set",
        ["msetnx"] = "set",
        ["bitop"] = "set",
        ["bitfield"] = "setbit",
        ["incr"] = "incrby",
        ["decr"] = "decrby",
        ["getex"] = "expire",
        ["pexpire"] = "expire",
        ["expireat"] = "expire",
        ["pexpireat"] = "expire",
        ["sort"] = "sortstore",
        ["hsetnx"] = "hset",
        ["hmset"] = "hset",
        ["lpushx"] = "lpush",
        ["rpushx"] = "rpush",
        ["blpop"] = "lpop",
        ["brpop"] = "rpop",
        ["zincrby"] = "zincr",
        ["bzpopmin"] = "zpopmin",
        ["bzpopmax"] = "zpopmax",
        ["geoadd"] = "zadd",
        ["pfmerge"] = "pfadd",
    };

    /// <summary>The event of a command.</summary>
    public static byte[] Of(string command) => Encoding.ASCII.GetBytes(Others.GetValueOrDefault(command, command));
}
