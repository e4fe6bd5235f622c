using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Groundwork.Console.Api;
using Microsoft.AspNetCore.WebUtilities;

namespace Groundwork.Console.Pages.Cache;

/// <summary>Which key: in addresses, in commands, in the argument of its live region, and for people. Keys are bytes, and any byte may be in one. Immutable.</summary>
/// <param name="Space">Its space.</param>
/// <param name="Database">Its database.</param>
/// <param name="Bytes">The key.</param>
public sealed record KeyName(string Space, int Database, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The longest key that has a live region: what a page asks for must fit into the line of a request.</summary>
    public const int MaxLiveBytes = 1024;

    /// <summary>The text that it is; null where it is none that can be shown in a line.</summary>
    public string? Text
    {
        get
        {
            if (!Utf8.IsValid(Bytes.Span))
                return null;
            var text = Encoding.UTF8.GetString(Bytes.Span);
            return text.Any(char.IsControl) ? null : text;
        }
    }

    /// <summary>As people read it: what is no text in hexadecimal digits.</summary>
    public string Label => Bytes.IsEmpty ? "(no bytes)" : Text ?? Hex.Line(Bytes.Span, 32);

    /// <summary>Whether the API has an address for it: all but the key of no bytes.</summary>
    public bool HasAddress => !Bytes.IsEmpty;

    /// <summary>Its page.</summary>
    public string Address => QueryHelpers.AddQueryString(SpaceName.AddressOf(Space) + "/key", Query);

    /// <summary>What stands in the query of its page's address.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Query
    {
        get
        {
            yield return Text is { } text ? new("key", text) : new("key64", Base64);
            if (Database != 0)
                yield return new("database", Database.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Its argument of a live region; null where it is too long for one.</summary>
    public string? Argument => Bytes.Length > MaxLiveBytes ? null : string.Create(CultureInfo.InvariantCulture, $"{Space}:{Database}:{Base64}");

    /// <summary>As a word of a shell.</summary>
    public string ShellWord => Text is { } text
        ? ApiRequest.Quoted(text)
        : $"$'{Escaped}'";

    /// <summary>As a word of what redis-cli reads.</summary>
    public string RedisWord => Text is { Length: > 0 } text && text.All(c => char.IsAsciiLetterOrDigit(c) || c is ':' or '.' or '-' or '_' or '/')
        ? text
        : $"\"{Escaped}\"";

    /// <summary>As the last part of an address of the API, with the query that says how it is written.</summary>
    public (string Segment, string? Encoding) Segment => Text is { } text and not ("." or "..")
        ? (Uri.EscapeDataString(text), null)
        : (Base64, "base64url");

    // Both understand it.
    private string Escaped => string.Concat(Bytes.ToArray().Select(b => char.IsAsciiLetterOrDigit((char)b) ? ((char)b).ToString() : $"\\x{b:x2}"));

    private string Base64 => Base64Url.EncodeToString(Bytes.Span);

    /// <summary>A key as the API shows it.</summary>
    public static KeyName Of(string space, int database, string? text, string? base64) =>
        new(space, database, text is not null ? Encoding.UTF8.GetBytes(text) : Convert.FromBase64String(base64 ?? ""));

    /// <summary>What a page's address names; null where it names none.</summary>
    public static KeyName? Of(string space, string text, string base64, string database)
    {
        if (!int.TryParse(database.Length == 0 ? "0" : database, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return null;
        if (text.Length > 0)
            return new KeyName(space, number, Encoding.UTF8.GetBytes(text));
        return base64.Length > 0 && Base64Url.IsValid(base64) ? new KeyName(space, number, Base64Url.DecodeFromChars(base64)) : null;
    }

    /// <summary>Reads an argument of a live region, as <see cref="Argument"/> writes it: no two of them name the same region.</summary>
    public static bool TryRead(string argument, [NotNullWhen(true)] out KeyName? name)
    {
        name = argument.Split(':') is [var space, var database, var base64] && SpaceName.Is(space) ? Of(space, "", base64, database) : null;
        if (name?.Argument != argument)
            name = null;
        return name is not null;
    }

    /// <summary>Whether a text is an argument of a live region.</summary>
    public static bool Is(string argument) => TryRead(argument, out _);

    /// <summary>Keys are equal by their bytes.</summary>
    public bool Equals(KeyName? other) =>
        other is not null && Space == other.Space && Database == other.Database && Bytes.Span.SequenceEqual(other.Bytes.Span);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(Space);
        hash.Add(Database);
        hash.AddBytes(Bytes.Span);
        return hash.ToHashCode();
    }
}
