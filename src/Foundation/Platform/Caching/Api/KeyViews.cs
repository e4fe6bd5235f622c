using System.Globalization;
using Groundwork.Platform.Http;
using Groundwork.Ports.Caching.Inspection;

namespace Groundwork.Platform.Caching.Api;

/// <summary>A key in a list.</summary>
/// <param name="Key">Its name, where it is UTF-8.</param>
/// <param name="KeyBase64">Its name, where it is not.</param>
/// <param name="Type">What it holds: string, list, hash, set or zset.</param>
/// <param name="Encoding">How that is kept, as OBJECT ENCODING has it.</param>
/// <param name="Bytes">The memory that it takes.</param>
/// <param name="ExpiresAt">When its time is over; absent for never.</param>
internal sealed record KeyItemView(string? Key, string? KeyBase64, string Type, string Encoding, long Bytes, DateTimeOffset? ExpiresAt)
{
    public static KeyItemView Of(KeySummary key)
    {
        var name = BytesView.Of(key.Key);
        return new KeyItemView(name.Text, name.Base64, RedisNames.Of(key.Type), key.Encoding, key.Bytes, key.ExpiresAt);
    }
}

/// <summary>A key with a part of what it holds.</summary>
/// <param name="Space">Its space.</param>
/// <param name="Database">Its database.</param>
/// <param name="Key">Its name, where it is UTF-8.</param>
/// <param name="KeyBase64">Its name, where it is not.</param>
/// <param name="Type">What it holds: string, list, hash, set or zset.</param>
/// <param name="Encoding">How that is kept, as OBJECT ENCODING has it.</param>
/// <param name="Bytes">The memory that it takes.</param>
/// <param name="ExpiresAt">When its time is over; absent for never.</param>
/// <param name="IdleSeconds">How long ago it was used; absent where the space's policy writes down something else.</param>
/// <param name="Frequency">How often it is used in the policy's own count, as OBJECT FREQ has it; absent where the policy does not count.</param>
/// <param name="Length">How many elements it has; of a string, how many bytes.</param>
/// <param name="Elements">Some of them; a string has one, which may be a part of it.</param>
/// <param name="NextCursor">Where the next ones begin; absent on the last page.</param>
internal sealed record KeyView(
    string Space,
    int Database,
    string? Key,
    string? KeyBase64,
    string Type,
    string Encoding,
    long Bytes,
    DateTimeOffset? ExpiresAt,
    double? IdleSeconds,
    int? Frequency,
    long Length,
    IReadOnlyList<ElementView> Elements,
    string? NextCursor);

/// <summary>One element of a value.</summary>
/// <param name="Field">Of a hash: the field's name, where it is UTF-8.</param>
/// <param name="FieldBase64">Of a hash: the field's name, where it is not.</param>
/// <param name="Value">The element, or the field's value, where it is UTF-8.</param>
/// <param name="ValueBase64">The element, or the field's value, where it is not.</param>
/// <param name="ValueBytes">How many bytes it has, where not all of them are shown.</param>
/// <param name="Score">Of a sorted set: the member's score as Redis writes it, since it may be <c>inf</c>.</param>
internal sealed record ElementView(string? Field, string? FieldBase64, string? Value, string? ValueBase64, long? ValueBytes, string? Score)
{
    public static ElementView Of(CachedElement element, CachedType type)
    {
        var value = Shown(element.Value);
        var field = type == CachedType.Hash ? Shown(element.Field) : default;
        return new ElementView(
            field.Text,
            field.Base64,
            value.Text,
            value.Base64,
            value.Length < element.Value.Length ? element.Value.Length : null,
            type == CachedType.SortedSet ? TextOf(element.Score) : null);
    }

    private static BytesView Shown(CachedBytes bytes) => BytesView.Of(bytes.Shown, bytes.Shown.Length < bytes.Length);

    private static string TextOf(double score) =>
        double.IsPositiveInfinity(score) ? "inf" : double.IsNegativeInfinity(score) ? "-inf" : score.ToString("R", CultureInfo.InvariantCulture);
}
