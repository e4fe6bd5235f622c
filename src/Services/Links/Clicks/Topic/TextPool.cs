using System.Text;
using System.Text.Json;

namespace Groundwork.Links.Clicks;

/// <summary>Texts that come again and again in a topic, as the same object each: what is counted of clicks is told apart by reference. Bounded. Not for concurrent use.</summary>
internal sealed class TextPool
{
    private const int MaxRemembered = 4096;

    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, string, string, string?), UserAgent> _agents = [];

    /// <summary>The text that a reader stands at; <see cref="Rollup.Other"/> for one that is longer than what is counted.</summary>
    public string Get(in Utf8JsonReader json)
    {
        Span<char> text = stackalloc char[Rollup.MaxValueBytes];
        if (json.ValueSpan.Length > text.Length)
            return Rollup.Other;
        var length = json.ValueIsEscaped ? json.CopyString(text) : Encoding.UTF8.GetChars(json.ValueSpan, text);
        if (length is 0 or > Rollup.MaxValueLength)
            return Rollup.Other;
        var lookup = _texts.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(text[..length], out var known))
            return known;
        if (_texts.Count >= MaxRemembered)
            _texts.Clear();
        var made = text[..length].ToString();
        return _texts[made] = made;
    }

    /// <summary>What a browser or a bot is counted as.</summary>
    public UserAgent Agent(string browser, string system, string device, string? bot)
    {
        if (_agents.TryGetValue((browser, system, device, bot), out var known))
            return known;
        if (_agents.Count >= MaxRemembered)
            _agents.Clear();
        return _agents[(browser, system, device, bot)] = new UserAgent(browser, system, device, bot);
    }
}
