using System.Globalization;
using System.Text;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands.Cluster;

/// <summary>
/// A map as arguments: <c>epoch MYID id (NODE id host:port [SLOTS range[,range …] | REPLICAOF id]) …</c>. What a node is more, one day
/// (whom it takes slots from, say), is another word behind its address.
/// </summary>
internal static class ClusterMapText
{
    /// <summary>Reads a map from an argument to the end; if it is none, that is the answer.</summary>
    public static bool TryRead(Call call, int argument, out ClusterMap map)
    {
        map = null!;
        if (!IntegerText.TryParse(call[argument], out var epoch) || epoch < 1)
        {
            call.Reply.Error("ERR Invalid config epoch specified: it is a whole number from 1"u8);
            return false;
        }

        var words = new string[call.Count - argument - 1];
        for (var i = 0; i < words.Length; i++)
            words[i] = Encoding.UTF8.GetString(call[argument + 1 + i]);
        var made = Read(epoch, words, out var error);
        if (made is null)
        {
            call.Reply.Error("ERR " + error);
            return false;
        }

        map = made;
        return true;
    }

    private static ClusterMap? Read(long epoch, string[] words, out string? error)
    {
        if (words.Length < 2 || !Is(words[0], "MYID"))
        {
            error = "MYID and this node's id follow the epoch";
            return null;
        }

        var nodes = new List<ClusterNode>();
        for (var at = 2; at < words.Length;)
        {
            if (nodes.Count == ClusterMap.MaxNodes)
            {
                error = $"there are at most {ClusterMap.MaxNodes} nodes";
                return null;
            }

            if (!TryNode(words, ref at, out var node, out error))
                return null;
            nodes.Add(node);
        }

        return ClusterMap.TryMake(epoch, words[1], [.. nodes], out error);
    }

    private static bool TryNode(string[] words, ref int at, out ClusterNode node, out string? error)
    {
        node = null!;
        error = null;
        if (!Is(words[at], "NODE") || at + 2 >= words.Length)
        {
            error = $"NODE, an id and host:port are expected at '{words[at]}'";
            return false;
        }

        var (id, address) = (words[at + 1], words[at + 2]);
        at += 3;
        if (id.Length != ClusterNode.IdLength || !id.All(char.IsAsciiHexDigitLower))
        {
            error = $"a node's id is {ClusterNode.IdLength} hexadecimal digits in lower case, not '{id}'";
            return false;
        }

        if (!TryAddress(address, out var host, out var port))
        {
            error = $"a node's address is host:port, not '{address}'";
            return false;
        }

        SlotRange[] slots = [];
        string? primary = null;
        if (at + 1 < words.Length && Is(words[at], "SLOTS"))
        {
            if (!TryRanges(words[at + 1], out slots))
            {
                error = $"Invalid or out of range slot in '{words[at + 1]}'";
                return false;
            }

            at += 2;
        }
        else if (at + 1 < words.Length && Is(words[at], "REPLICAOF"))
        {
            primary = words[at + 1];
            at += 2;
        }

        node = new ClusterNode(id, host, port, primary, slots);
        return true;
    }

    private static bool TryAddress(string text, out string host, out int port)
    {
        var colon = text.LastIndexOf(':');
        port = 0;
        host = colon > 0 ? text[..colon] : "";
        return host.All(c => c is > ' ' and <= '~')
            && colon > 0 && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= 65_535;
    }

    private static bool TryRanges(string text, out SlotRange[] ranges)
    {
        var parts = text.Split(',');
        ranges = new SlotRange[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!SlotRange.TryParse(parts[i], out ranges[i]))
                return false;
        }

        Array.Sort(ranges, static (a, b) => a.First.CompareTo(b.First));
        return true;
    }

    private static bool Is(string word, string expected) => word.Equals(expected, StringComparison.OrdinalIgnoreCase);
}
