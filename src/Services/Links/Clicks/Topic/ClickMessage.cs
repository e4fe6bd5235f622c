using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Groundwork.Links.Clicks;

/// <summary>A click as it stands in the topic: JSON, described in docs/formats/click-message.md.</summary>
/// <param name="Publisher">Who published it: a number of a copy's life; 0 where it says none.</param>
/// <param name="Sequence">Its number there, from 1.</param>
/// <param name="Number">Which link.</param>
/// <param name="At">When, in seconds since 1970.</param>
/// <param name="Click">What is counted of it.</param>
internal readonly record struct ClickMessage(ulong Publisher, long Sequence, long Number, long At, ReadClick Click)
{
    private const int MaxLength = 4096;

    // A day of no calendar that anybody writes to.
    private static readonly long MaxSeconds = new DateTimeOffset(2200, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    /// <summary>As bytes.</summary>
    /// <param name="code">The link's code; null where its number does not give it.</param>
    public byte[] ToBytes(string? code)
    {
        var output = new ArrayBufferWriter<byte>(320);
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("id"u8, string.Create(CultureInfo.InvariantCulture, $"{Publisher:x16}-{Sequence}"));
        json.WriteString("number"u8, Number.ToString(CultureInfo.InvariantCulture));
        if (code is not null)
            json.WriteString("code"u8, code);
        json.WriteString("at"u8, DateTimeOffset.FromUnixTimeSeconds(At).UtcDateTime);
        json.WriteString("kind"u8, KindText(Click.Kind));
        if (Click.Agent.Bot is { } bot)
            json.WriteString("bot"u8, bot);
        if (Click.Kind == ClickKind.Click)
        {
            json.WriteString("referrer"u8, Click.Referrer);
            json.WriteString("browser"u8, Click.Agent.Browser);
            json.WriteString("system"u8, Click.Agent.System);
            json.WriteString("device"u8, Click.Agent.Device);
            json.WriteString("language"u8, Click.Language);
            json.WriteString("visitor"u8, Click.Visitor.ToString("x16", CultureInfo.InvariantCulture));
        }

        json.WriteEndObject();
        json.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads one; false for what is none: anybody may write to a topic.</summary>
    /// <param name="bytes">The value of a record.</param>
    /// <param name="texts">Where texts are kept that come again and again.</param>
    /// <param name="message">The click.</param>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, TextPool texts, out ClickMessage message)
    {
        message = default;
        if (bytes.Length is 0 or > MaxLength)
            return false;
        try
        {
            return TryRead(new Utf8JsonReader(bytes.Span), texts, out message);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or DecoderFallbackException)
        {
            return false;
        }
    }

    private static bool TryRead(Utf8JsonReader json, TextPool texts, out ClickMessage message)
    {
        message = default;
        var (publisher, sequence, number, at, visitor) = (0ul, 0L, default(long?), -1L, 0ul);
        ClickKind? kind = null;
        string? bot = null;
        var (referrer, language) = (Rollup.Other, Rollup.Other);
        var (browser, system, device) = (Rollup.Other, Rollup.Other, Rollup.Other);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            return false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.ValueSpan;
            if (!json.Read())
                return false;
            if (json.TokenType != JsonTokenType.String)
            {
                json.Skip(); // of a later version
                continue;
            }

            if (name.SequenceEqual("id"u8))
                (publisher, sequence) = Id(json.ValueSpan);
            else if (name.SequenceEqual("number"u8))
                number = Utf8Parser.TryParse(json.ValueSpan, out long value, out var length) && length == json.ValueSpan.Length ? value : null;
            else if (name.SequenceEqual("at"u8))
                at = json.TryGetDateTimeOffset(out var time) ? time.ToUnixTimeSeconds() : -1;
            else if (name.SequenceEqual("kind"u8))
                kind = KindOf(json.ValueSpan);
            else if (name.SequenceEqual("visitor"u8))
                visitor = Utf8Parser.TryParse(json.ValueSpan, out ulong hash, out _, 'x') ? hash : 0;
            else if (name.SequenceEqual("bot"u8))
                bot = texts.Get(json);
            else if (name.SequenceEqual("referrer"u8))
                referrer = texts.Get(json);
            else if (name.SequenceEqual("browser"u8))
                browser = texts.Get(json);
            else if (name.SequenceEqual("system"u8))
                system = texts.Get(json);
            else if (name.SequenceEqual("device"u8))
                device = texts.Get(json);
            else if (name.SequenceEqual("language"u8))
                language = texts.Get(json);
        }

        if (json.TokenType != JsonTokenType.EndObject || number is not { } link || kind is not { } known || at < 0 || at >= MaxSeconds)
            return false;
        var click = known switch
        {
            ClickKind.Click => new ReadClick(known, texts.Agent(browser, system, device, null), referrer, language, visitor),
            ClickKind.Bot => new ReadClick(known, texts.Agent(Rollup.Other, Rollup.Other, Rollup.Other, bot ?? Rollup.Other), "", "", 0),
            _ => new ReadClick(known, UserAgent.Unknown, "", "", 0),
        };
        message = new ClickMessage(publisher, sequence, link, at, click);
        return true;
    }

    private static (ulong, long) Id(ReadOnlySpan<byte> text) =>
        text.IndexOf((byte)'-') is > 0 and var dash && Utf8Parser.TryParse(text[..dash], out ulong publisher, out _, 'x')
        && Utf8Parser.TryParse(text[(dash + 1)..], out long sequence, out _) ? (publisher, sequence) : (0, 0);

    private static string KindText(ClickKind kind) => kind switch
    {
        ClickKind.Click => "click",
        ClickKind.Bot => "bot",
        ClickKind.Preview => "preview",
        _ => "head",
    };

    private static ClickKind? KindOf(ReadOnlySpan<byte> text) =>
        text.SequenceEqual("click"u8) ? ClickKind.Click
        : text.SequenceEqual("bot"u8) ? ClickKind.Bot
        : text.SequenceEqual("preview"u8) ? ClickKind.Preview
        : text.SequenceEqual("head"u8) ? ClickKind.Head
        : null;
}
