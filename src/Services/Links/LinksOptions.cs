using Groundwork.Ports.Settings;

namespace Groundwork.Links;

/// <summary>What an operator sets of Links.</summary>
public sealed record LinksOptions(Uri? BaseUrl, int CodeBlock)
{
    private static readonly Setting<Uri?> BaseUrlSetting = Setting.Url(
        "Links:BaseUrl",
        "The address under which short links are reached from outside, such as https://go.example.org/; empty for the one the request came to.");

    private static readonly Setting<long> CodeBlockSetting = Setting.Integer(
        "Links:CodeBlock", 1000, 1, 1_000_000,
        "How many codes a copy of the program takes from the database at once. Those left over at a stop are never used.");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Setting> All { get; } = [BaseUrlSetting, CodeBlockSetting];

    internal static LinksOptions From(SettingValues settings) =>
        new(settings.Get(BaseUrlSetting), (int)settings.Get(CodeBlockSetting));
}
