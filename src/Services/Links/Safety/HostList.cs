using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Groundwork.Links;

/// <summary>Hosts, each of which stands for itself and for all below it. Immutable.</summary>
internal sealed class HostList
{
    /// <summary>One without hosts.</summary>
    public static readonly HostList Empty = new([]);

    // A list of hosts that somebody maintains by hand or subscribes to; the largest public ones have a few hundred thousand.
    private const int MaxHosts = 2_000_000;

    private readonly FrozenSet<string> _hosts;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    private HostList(IEnumerable<string> hosts)
    {
        _hosts = hosts.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _lookup = _hosts.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>How many hosts are listed.</summary>
    public int Count => _hosts.Count;

    /// <summary>
    /// Reads a list: a host a line, or an address and the hosts that a hosts file gives it; <c>#</c> begins a comment, and
    /// <c>*.</c> before a host says what holds anyway.
    /// </summary>
    /// <param name="reader">The text.</param>
    /// <param name="list">The list.</param>
    /// <param name="error">Which line cannot be read, and why.</param>
    public static bool TryRead(TextReader reader, [NotNullWhen(true)] out HostList? list, [NotNullWhen(false)] out string? error)
    {
        (list, error) = (null, null);
        var hosts = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var line = 1; reader.ReadLine() is { } text; line++)
        {
            var words = text.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

            // A hosts file: the first word says where its hosts lead, which is nowhere.
            foreach (var word in words.Length > 1 && IsAddress(words[0]) ? words[1..] : words)
            {
                var written = word.StartsWith("*.", StringComparison.Ordinal) ? word[2..] : word;
                if (!WebHost.TryRead(written, out var host))
                    error = $"line {line} has '{Shorten(word)}', which is not a host name";
                else if (hosts.Add(host) && hosts.Count > MaxHosts)
                    error = $"it lists more than {MaxHosts} hosts";
                if (error is not null)
                    return false;
            }
        }

        list = new HostList(hosts);
        return true;
    }

    /// <summary>Whether a host is listed, or one above it.</summary>
    /// <param name="host">In ASCII, as <see cref="WebHost"/> gives it.</param>
    public bool Contains(ReadOnlySpan<char> host)
    {
        while (true)
        {
            if (_lookup.Contains(host))
                return true;
            var dot = host.IndexOf('.');
            if (dot < 0)
                return false;
            host = host[(dot + 1)..];
        }
    }

    private static bool IsAddress(string word) => System.Net.IPAddress.TryParse(word, out _);

    private static string Shorten(string word) => word.Length <= 64 ? word : word[..64] + "…";
}
