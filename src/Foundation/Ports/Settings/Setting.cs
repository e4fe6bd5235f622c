using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Groundwork.Ports.Settings;

/// <summary>
/// One thing that an operator can set: its name everywhere (<c>groundwork.json</c>, <c>--Section:Name=…</c>,
/// <c>GROUNDWORK_SECTION__NAME</c>), its default, its range and what it does. The documentation, <c>groundwork settings</c>
/// and the check at start are all made from it.
/// </summary>
public abstract class Setting
{
    private protected Setting(string name, string description, string defaultText, string range)
    {
        (Name, Description, DefaultText, Range) = (name, description, defaultText, range);
    }

    /// <summary><c>Section:Name</c>; names are matched without regard to case.</summary>
    public string Name { get; }

    /// <summary>One sentence: what it does, its unit, and what it interacts with.</summary>
    public string Description { get; }

    /// <summary>The default as an operator would write it; empty where there is none.</summary>
    public string DefaultText { get; }

    /// <summary>The default itself.</summary>
    public abstract object? DefaultValue { get; }

    /// <summary>The default in words, where it depends on the machine; null where <see cref="DefaultText"/> says it all.</summary>
    public string? DefaultInWords { get; private protected init; }

    /// <summary>What is allowed, in words.</summary>
    public string Range { get; }

    /// <summary>Whether its value, or a part of it, must never be shown.</summary>
    public bool IsSecret { get; private protected init; }

    /// <summary>The section: what stands before the colon, or the whole name.</summary>
    public string Section => Name.Split(':')[0];

    /// <summary>Reads a value from what an operator wrote.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="value">The value, when true is returned.</param>
    /// <param name="error">What is wrong and what would be right, when false is returned; never repeats a secret.</param>
    public abstract bool TryParse(string text, out object? value, [NotNullWhen(false)] out string? error);

    /// <summary>A whole number.</summary>
    public static Setting<long> Integer(
        string name, long defaultValue, long min, long max, string description, string? defaultInWords = null) => new(
        name, description, defaultValue.ToString(CultureInfo.InvariantCulture), $"{min} to {max}",
        text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var v) && v >= min && v <= max
            ? Parsed.Value(v)
            : Parsed.Error<long>($"is a whole number from {min} to {max}, not '{text}'"))
        { DefaultInWords = defaultInWords };

    /// <summary>Yes or no.</summary>
    public static Setting<bool> Flag(string name, bool defaultValue, string description) => new(
        name, description, defaultValue ? "true" : "false", "true or false",
        text => bool.TryParse(text, out var v) ? Parsed.Value(v) : Parsed.Error<bool>($"is true or false, not '{text}'"));

    /// <summary>Free text.</summary>
    public static Setting<string> Text(string name, string defaultValue, string range, string description, bool secret = false) =>
        new(name, description, defaultValue, range, Parsed.Value) { IsSecret = secret };

    /// <summary>A path of the file system, absolute or relative to the working folder.</summary>
    public static Setting<string> Path(string name, string defaultValue, string range, string description) => new(
        name, description, defaultValue, range,
        text => text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal) ? Parsed.Value(text) : Parsed.Error<string>("is a path, and may not be empty"));

    /// <summary>One of an enumeration's names, in lower case.</summary>
    public static Setting<T> Choice<T>(string name, T defaultValue, string description)
        where T : struct, Enum
    {
        var range = string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant();
        return new(
            name, description, defaultValue.ToString().ToLowerInvariant(), range,
            // By name only: numbers and combinations, which the parser would also take, are not what the range says.
            text => Array.FindIndex(Enum.GetNames<T>(), n => string.Equals(n, text, StringComparison.OrdinalIgnoreCase)) is >= 0 and var at
                ? Parsed.Value(Enum.GetValues<T>()[at])
                : Parsed.Error<T>($"is one of {range}, not '{text}'"));
    }

    /// <summary>One of some words, in any case; for those that no enumeration's names can be.</summary>
    public static Setting<string> Word(string name, string defaultValue, IReadOnlyList<string> words, string description)
    {
        var range = string.Join(", ", words);
        return new(
            name, description, defaultValue, range,
            text => words.FirstOrDefault(w => string.Equals(w, text, StringComparison.OrdinalIgnoreCase)) is { } word
                ? Parsed.Value(word)
                : Parsed.Error<string>($"is one of {range}, not '{text}'"));
    }

    /// <summary>A span of time, written in seconds (<c>2.5</c>) or with a unit: <c>250ms</c>, <c>30s</c>, <c>5m</c>, <c>1h</c>, <c>7d</c>.</summary>
    public static Setting<TimeSpan> Duration(string name, TimeSpan defaultValue, TimeSpan min, TimeSpan max, string description)
    {
        var range = $"{SettingText.Duration(min)} to {SettingText.Duration(max)}";
        return new(
            name, description, SettingText.Duration(defaultValue), range,
            text => SettingText.TryDuration(text, out var v) && v >= min && v <= max
                ? Parsed.Value(v)
                : Parsed.Error<TimeSpan>($"is a time such as 250ms, 30s, 5m, 1h or 7d, {range}, not '{text}'"));
    }

    /// <summary>A number of bytes, plain or with a unit: <c>64KiB</c>, <c>256MiB</c>, <c>2GiB</c>.</summary>
    public static Setting<long> Size(string name, long defaultValue, long min, long max, string description)
    {
        var range = $"{SettingText.Size(min)} to {SettingText.Size(max)}";
        return new(
            name, description, SettingText.Size(defaultValue), range,
            text => SettingText.TrySize(text, out var v) && v >= min && v <= max
                ? Parsed.Value(v)
                : Parsed.Error<long>($"is a size such as 64KiB, 256MiB or 2GiB, {range}, not '{text}'"));
    }

    /// <summary>Where to listen: <c>ip:port</c>.</summary>
    public static Setting<IPEndPoint> Endpoint(string name, string defaultValue, string description) => new(
        name, description, defaultValue, "ip:port",
        text => TryEndpoint(text, out var v)
            ? Parsed.Value(v)
            : Parsed.Error<IPEndPoint>($"is an address and a port such as 127.0.0.1:8080 or [::1]:8080, not '{text}'"));

    /// <summary>Where to listen: <c>ip:port</c>; or <c>none</c> for nowhere, which is null.</summary>
    public static Setting<IPEndPoint?> EndpointOrNone(string name, string defaultValue, string description) => new(
        name, description, defaultValue, "ip:port, or none",
        text => text.Equals("none", StringComparison.OrdinalIgnoreCase) ? Parsed.Value<IPEndPoint?>(null)
            : TryEndpoint(text, out var v) ? Parsed.Value<IPEndPoint?>(v)
            : Parsed.Error<IPEndPoint?>($"is an address and a port such as 127.0.0.1:8080 or [::1]:8080, or none, not '{text}'"));

    /// <summary>An absolute http or https URL, or nothing.</summary>
    public static Setting<Uri?> Url(string name, string description) => new(
        name, description, "", "an absolute http or https URL, or empty",
        text => text.Length == 0
            ? Parsed.Value<Uri?>(null)
            : Uri.TryCreate(text, UriKind.Absolute, out var v) && v.Scheme is "http" or "https"
                ? Parsed.Value<Uri?>(v)
                : Parsed.Error<Uri?>($"is an absolute URL such as https://go.example.org, not '{text}'"));

    /// <summary>A list, written with commas between its items.</summary>
    public static Setting<IReadOnlyList<string>> List(string name, string defaultValue, string range, string description, bool secret = false) => new(
        name, description, defaultValue, range,
        text => Parsed.Value<IReadOnlyList<string>>(
            text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
    { IsSecret = secret };

    // Without a port it would be an address to the framework all the same.
    private static bool TryEndpoint(string text, [NotNullWhen(true)] out IPEndPoint? endpoint) =>
        IPEndPoint.TryParse(text, out endpoint) && text.LastIndexOf(':') > text.LastIndexOf(']') && text.Contains(':', StringComparison.Ordinal);
}

/// <summary>A setting whose value has the type <typeparamref name="T"/>.</summary>
public sealed class Setting<T> : Setting
{
    private readonly Func<string, Parsed<T>> _parse;

    internal Setting(string name, string description, string defaultText, string range, Func<string, Parsed<T>> parse)
        : base(name, description, defaultText, range)
    {
        _parse = parse;
        var parsed = parse(defaultText);
        if (parsed.Error is not null)
            throw new InvalidOperationException($"The default of {name} {parsed.Error}.");
        Default = parsed.Value;
    }

    /// <summary>The value where nothing was set.</summary>
    public T Default { get; }

    /// <inheritdoc/>
    public override object? DefaultValue => Default;

    /// <inheritdoc/>
    public override bool TryParse(string text, out object? value, [NotNullWhen(false)] out string? error)
    {
        var parsed = _parse(text);
        (value, error) = (parsed.Value, parsed.Error);
        return error is null;
    }
}

internal readonly record struct Parsed<T>(T Value, string? Error);

internal static class Parsed
{
    public static Parsed<T> Value<T>(T value) => new(value, null);

    public static Parsed<T> Error<T>(string error) => new(default!, error);
}
