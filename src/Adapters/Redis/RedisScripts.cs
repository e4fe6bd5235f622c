using StackExchange.Redis;

namespace Groundwork.Redis;

/// <summary>Scripts on the server.</summary>
/// <remarks>
/// The driver loads a script at its first use on a connection and then names it by its hash. A server that has forgotten it is given it whole, which
/// also has it remember: the driver tries once more by itself, which is not enough where others call in between.
/// </remarks>
internal static class RedisScripts
{
    /// <summary>Runs one. What the server does not know it has not done.</summary>
    public static async Task<RedisResult> EvaluateAsync(IDatabase database, string script, RedisKey[] keys, RedisValue[] values)
    {
        try
        {
            return await database.ScriptEvaluateAsync(script, keys, values);
        }
        catch (RedisServerException e) when (e.Kind == RedisErrorKind.NoScript)
        {
            return await database.ScriptEvaluateAsync(script, keys, values, CommandFlags.NoScriptCache);
        }
    }
}
