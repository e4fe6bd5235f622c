namespace Groundwork.Broker.Protocol;

/// <summary>What is known of an API.</summary>
/// <param name="Key">Its number in every request.</param>
/// <param name="Existing">The versions that its messages can be read and written in.</param>
/// <param name="Served">The versions that this broker answers; null where it does not answer any yet.</param>
/// <param name="Advertised">
/// The versions that it says it answers. They are more than those served where clients would take a lack of old versions for
/// the lack of something else; they never use them.
/// </param>
/// <param name="FlexibleFrom">The first version with tagged fields; null where no version has them.</param>
internal sealed record ApiInfo(ApiKey Key, VersionRange Existing, VersionRange? Served, VersionRange? Advertised, short? FlexibleFrom)
{
    /// <summary>The version of the header that goes ahead of the request.</summary>
    public short RequestHeaderVersion(short version) => IsFlexible(version) ? RequestHeader.Flexible : RequestHeader.Plain;

    /// <summary>
    /// Whether the header of the response has tagged fields. That of ApiVersions has none in any version: whoever asks for
    /// versions can't know yet which one the answer has.
    /// </summary>
    public bool HasFlexibleResponseHeader(short version) => Key != ApiKey.ApiVersions && IsFlexible(version);

    /// <summary>Whether messages of that version have tagged fields, and short lengths.</summary>
    public bool IsFlexible(short version) => version >= FlexibleFrom;
}
