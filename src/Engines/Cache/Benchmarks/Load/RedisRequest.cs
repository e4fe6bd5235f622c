using System.Globalization;
using System.Text;

namespace Groundwork.Cache.Benchmarks.Load;

/// <summary>Requests of Redis' protocol that are made seldom.</summary>
internal static class RedisRequest
{
    /// <summary>A command, of ASCII words.</summary>
    public static byte[] Of(params string[] words)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{words.Length}\r\n");
        foreach (var word in words)
            text.Append(CultureInfo.InvariantCulture, $"${word.Length}\r\n{word}\r\n");
        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
